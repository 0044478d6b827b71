package minutes

import "strings"

// The words of this file are what people call things in minutes, in English and
// in the languages that mails came in so far: German, French, Spanish, Italian,
// Portuguese and Dutch. All are written as phrase() writes them.

// part is what a word does in a label of several words.
type part int

const (
	filler part = iota + 1
	wordAction
	wordPast
	wordOpen
	wordFollow
	wordDecision
	wordPeople
	wordAbsent
	wordTalk
)

var parts = table([]vocab{
	{filler, `arising log register tracker plan overview next outcomes raised item items point points required list new our key main summary recap of for from this and the a to on in meeting meetings call calls
		today todays agreed assigned made taken all s tsc tac wg sig team week weeks group current general or with
		des der die das aus und les de du la el las los y e et à a mener del da do`},
	{wordAction, `action actions actionable actionables todo todos task tasks ai ais ap aps assignment assignments steps commitments
		followups aktion aktionen aktionspunkte aufgabe aufgaben massnahmen maßnahmen arbeitsaufträge aktionsliste
		tâches taches acciones tareas compromisos azioni compiti ações acoes tarefas actiepunten acties actiepunt`},
	{wordPast, `completed closed done finished previous last prior past earlier old review reviewing status update updates carried over existing outstanding former
		letzte letzten vorherige vorherigen rückblick suivi précédentes précédente anteriores revisión precedenti vorige`},
	{wordOpen, `open pending remaining ongoing unresolved offene offen ouvertes pendientes abiertas aperte`},
	{wordFollow, `followup follow up ups`},
	{wordDecision, `decision decisions resolution resolutions agreements agreement resolved decided approvals
		beschluss beschlüsse beschluesse entscheidung entscheidungen décision décisions
		decisión decisiones acuerdos resoluciones decisioni decisões besluiten besluit`},
	{wordPeople, `remote online virtual person onsite zoom attendees attendee attendance attending attended present participants participant participating people roll
		teilnehmer teilnehmende teilnehmerinnen teilnehmenden anwesend anwesende anwesenheit présents participantes asistentes presentes
		presenti partecipanti aanwezig aanwezigen deelnemers who voting non member members representatives representative other others guests
		guest observers core by names name`},
	{wordAbsent, `absent absentees absences regrets apologies excused missing abwesend entschuldigt absents excusés ausentes
		assenti ausências afwezig verhinderd`},
	{wordTalk, `notes note discussion discussions minutes agenda topics topic business talk conversation notizen diskussion
		besprechung protokoll tagesordnung themen discusión notas temas`},
})

// kinds are labels that are known as a whole.
var kinds = map[string]kind{
	"next steps": actions, "next step": actions, "to do": actions, "to dos": actions, "to do list": actions, "todo list": actions,
	"follow ups": actions, "follow up": actions, "followup": actions, "action": actions, "what next": actions,
	"next steps and action items": actions, "action items and next steps": actions, "action items next steps": actions,
	"next steps action items": actions, "next steps actions": actions, "actions next steps": actions, "decisions and action items": actions,
	"nächste schritte": actions, "naechste schritte": actions, "prochaines étapes": actions, "à faire": actions, "a faire": actions,
	"relevé dactions": actions, "plan daction": actions, "actions à mener": actions, "próximos pasos": actions, "proximos pasos": actions,
	"prossimi passi": actions, "próximos passos": actions, "volgende stappen": actions, "zu erledigen": actions, "per hacer": actions,
	"due actions": actions, "who does what": actions, "wer macht was": actions,

	"offene punkte": open, "open items": open, "open points": open, "points ouverts": open,

	"review": none, "status": none, "updates": none, "update": none, "last meeting": none, "this week": none, "last week": none,
	"others": attendees, "other": none, "members": attendees, "team": none, "group": none, "core team": none, "items": none,
	"name": none, "names": none, "who": attendees, "by": none, "present": attendees, "point": none, "points": none, "general": none,
	"pending": none, "open": none, "over": none, "old": none, "up": none, "steps": none, "current": none, "tasks": actions,
	"roll call": attendees, "attended by": attendees, "in attendance": attendees, "on the call": attendees, "team members": attendees,
	"members present": attendees, "people present": attendees, "meeting attendees": attendees, "also present": attendees,
	"people present lines said": attendees, "attendance please add yourself": attendees, "anwesende": attendees,
	"missing": absent, "not present": absent, "unable to attend": absent, "no show": absent, "absent with apologies": absent,
	"scribe": scribe, "scribes": scribe, "note taker": scribe, "notetaker": scribe, "note takers": scribe, "note taking": scribe,
	"minute taker": scribe, "minute takers": scribe, "note takers and scribes": scribe, "minutes taker": scribe, "minutes by": scribe, "notes by": scribe, "secretary": scribe,
	"rotating secretary": scribe, "recorder": scribe, "scribenick": scribe, "taken by": scribe, "minutes taken by": scribe,
	"action item scribe": scribe, "recording secretary": scribe, "protokollant": scribe, "protokollführer": scribe,
	"protokollantin": scribe, "schriftführer": scribe, "secrétaire": scribe, "redactor": scribe, "notulist": scribe, "author": scribe,
	"chair": chair, "chairs": chair, "chaired by": chair, "host": chair, "moderator": chair, "facilitator": chair, "meeting chair": chair,
	"bosun": chair, "leader": chair, "convener": chair, "sitzungsleitung": chair, "moderation": chair, "animateur": chair,
	"presidente": chair, "leitung": chair, "voorzitter": chair,
	"date": dateline, "meeting date": dateline, "when": dateline, "date and time": dateline, "date time": dateline, "datum": dateline,
	"fecha": dateline, "data": dateline, "time": dateline, "meeting": dateline, "meeting time": dateline, "meeting started": dateline,
	"location": venue, "venue": venue, "where": venue, "place": venue, "ort": venue, "lieu": venue, "lugar": venue, "luogo": venue,
	"recording": linked, "recordings": linked, "video": linked, "recorded call": linked, "meeting recording": linked, "link": linked, "links": linked,
	"reference links": linked, "references": linked, "resources": linked, "call": linked, "chat": linked, "repository": linked,
	"zoom": linked, "zoom link": linked, "meeting link": linked, "github issue": linked, "issue": linked, "slides": linked,
	"documents": linked, "document": linked, "calendar": linked, "join": linked, "log": linked, "full log": linked, "irc log": linked,
	"minutes": notes, "meeting notes": notes, "url": linked, "aufzeichnung": linked, "enregistrement": linked, "grabación": linked,
	"agenda": agenda, "proposed agenda": agenda, "meeting agenda": agenda, "agenda items": agenda, "tagesordnung": agenda,
	"ordre du jour": agenda, "orden del día": agenda, "ordine del giorno": agenda, "previous minutes": none, "pauta": agenda,
	"topics": notes, "discussion": notes, "discussions": notes, "discussion points": notes, "discussion topics": notes, "discussion items": notes,
	"old business": notes, "new business": notes, "other business": notes, "unfinished business": notes, "detailed notes": notes,
	"notes": notes, "context": group, "background": group, "topic": topical, "subtopic": topical, "agendum": topical,
	"pinned": pinned, "pinned agenda items": pinned, "pinned items": pinned, "standing items": pinned, "standing agenda items": pinned,
	"recent meeting notes": archive, "past meetings": archive, "previous meetings": archive, "meeting archive": archive,
	"archive": archive, "past meeting notes": archive,
	"next agenda": upcoming, "next meeting agenda": upcoming, "agenda for next meeting": upcoming, "items for next meeting": upcoming,
	"items for next meeting agenda": upcoming, "items for next tsc meeting agenda": upcoming, "topics for next meeting": upcoming,
	"next meeting": upcoming, "parking lot": upcoming, "deferred": upcoming, "postponed": upcoming, "next time": upcoming, "carry over": upcoming,
	"upcoming meetings": rules, "future meetings": rules, "next meetings": rules, "antitrust policy": rules, "antitrust policy notice": rules,
	"code of conduct": rules, "participation and code of conduct": rules, "meeting guidelines": rules, "meeting roles": rules, "to do items": actions, "todo items": actions,
	"meeting recordings and transcripts": rules, "disclaimer": rules, "housekeeping": rules, "ground rules": rules, "antitrust": rules,
	"conclusion": conclusion, "conclusions": conclusion, "outcome": conclusion, "outcomes": conclusion, "fazit": conclusion,
	"consensus": decisions, "resolved": decisions, "agreed": decisions, "votes": none, "resolution": decisions,
	"summary of action items": restated, "action items by person": restated, "actions by person": restated,
	"summary of resolutions": decisions, "people": none, "by name": none,
}

// vocab is the words that do the same in a label.
type vocab struct {
	part  part
	words string
}

func table(in []vocab) map[string]part {
	out := map[string]part{}
	for _, v := range in {
		for _, w := range strings.Fields(v.words) {
			out[w] = v.part
		}
	}
	return out
}

// set makes a set of the words of a string.
func set(words string) map[string]bool {
	out := map[string]bool{}
	for _, w := range strings.Fields(words) {
		out[w] = true
	}
	return out
}
