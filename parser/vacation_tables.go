package parser

// The tables of this file hold the words of absence in the languages of mail
// programs. To teach the parser a language add its lines; phrases are in
// lower case with single blanks.

// vacationSign is a form of words of a vacation reply. Alone means that a
// subject which begins so and goes on with a colon is proof enough; nobody
// writes it by hand.
type vacationSign struct {
	phrase  string
	program string
	alone   bool
}

var vacationSubjects = []vacationSign{
	{"automatic reply", "Exchange", true},
	{"out of office autoreply", "Exchange 2003", true},
	{"out of office automatic reply", "Exchange 2003", true},
	{"automatic response", "webmail", true},
	{"automated reply", "webmail", true},
	{"automated response", "webmail", true},
	{"auto reply", "iCloud and others", true},
	{"auto-reply", "webmail", true},
	{"autoreply", "webmail", true},
	{"auto response", "webmail", true},
	{"auto-response", "webmail", true},
	{"autoresponse", "webmail", true},
	{"autorespons", "Mimecast", true},
	{"vacation reply", "vacation", true},
	{"vacation response", "Yahoo", true},
	{"yahoo! auto response", "Yahoo", true},
	{"auto:", "Domino, Sieve", false},
	{"out of office", "Exchange, Gmail", false},
	{"out of the office", "Exchange, Gmail", false},
	{"out-of-office", "webmail", false},
	{"away from my mail", "vacation", false},
	{"away from the office", "webmail", false},
	{"on vacation", "Gmail", false},
	{"on holiday", "Gmail", false},
	{"on leave", "Gmail", false},
	{"on annual leave", "Gmail", false},
	{"vacation", "Gmail", false},

	{"automatische antwort", "Exchange (German)", true},
	{"automatische rückantwort", "Exchange (German)", true},
	{"automatische abwesenheitsnotiz", "GroupWise (German)", true},
	{"abwesenheitsnotiz", "Exchange 2003 (German)", true},
	{"abwesenheitsbenachrichtigung", "1&1 (German)", true},
	{"abwesenheitsmeldung", "German webmail", true},
	{"abwesend", "Gmail (German)", false},
	{"abwesenheit", "Gmail (German)", false},
	{"nicht im büro", "Gmail (German)", false},
	{"außer haus", "Gmail (German)", false},
	{"im urlaub", "Gmail (German)", false},
	{"urlaub", "Gmail (German)", false},
	{"réponse automatique", "Exchange (French)", true},
	{"reponse automatique", "webmail (French)", true},
	{"message d'absence", "Exchange 2003 (French)", true},
	{"absence du bureau", "Exchange 2003 (French)", true},
	{"absent", "Gmail (French)", false},
	{"absence", "Gmail (French)", false},
	{"en congé", "Gmail (French)", false},
	{"respuesta automática", "Exchange (Spanish)", true},
	{"respuesta automatica", "webmail (Spanish)", true},
	{"fuera de la oficina", "Exchange 2003 (Spanish)", false},
	{"fuera de oficina", "Exchange 2003 (Spanish)", false},
	{"de vacaciones", "Gmail (Spanish)", false},
	{"ausente", "Gmail (Spanish, Portuguese)", false},
	{"risposta automatica", "Exchange (Italian)", true},
	{"fuori sede", "Exchange 2003 (Italian)", false},
	{"fuori ufficio", "Gmail (Italian)", false},
	{"assente", "Gmail (Italian)", false},
	{"in ferie", "Gmail (Italian)", false},
	{"resposta automática", "Exchange (Portuguese, Galician)", true},
	{"resposta automatica", "webmail (Portuguese)", true},
	{"resposta automàtica", "Exchange (Catalan)", true},
	{"ausência temporária", "Exchange 2003 (Portuguese)", true},
	{"fora do escritório", "Gmail (Portuguese)", false},
	{"de férias", "Gmail (Portuguese)", false},
	{"automatisch antwoord", "Exchange (Dutch)", true},
	{"automatische beantwoording", "Dutch webmail", true},
	{"afwezigheidsbericht", "Exchange 2003 (Dutch)", true},
	{"afwezig", "Gmail (Dutch)", false},
	{"niet aanwezig", "Gmail (Dutch)", false},
	{"autosvar", "Exchange (Swedish, Danish, Norwegian)", true},
	{"automatiskt svar", "Exchange (Swedish)", true},
	{"automatisk svar", "Exchange (Danish, Norwegian)", true},
	{"frånvaromeddelande", "Exchange 2003 (Swedish)", true},
	{"frånvaro", "Gmail (Swedish)", false},
	{"fraværsmeddelelse", "Danish webmail", true},
	{"fraværsmelding", "Norwegian webmail", true},
	{"ikke til stede", "Exchange 2003 (Danish, Norwegian)", false},
	{"automaattinen vastaus", "Exchange (Finnish)", true},
	{"poissaoloviesti", "Finnish webmail", true},
	{"lomalla", "Gmail (Finnish)", false},
	{"automatyczna odpowiedź", "Exchange (Polish)", true},
	{"odpowiedź automatyczna", "Exchange (Polish)", true},
	{"autoodpowiedź", "Polish webmail", true},
	{"nieobecność", "Gmail (Polish)", false},
	{"nieobecny", "Gmail (Polish)", false},
	{"poza biurem", "Gmail (Polish)", false},
	{"automatická odpověď", "Exchange (Czech)", true},
	{"mimo kancelář", "Gmail (Czech)", false},
	{"automatická odpoveď", "Exchange (Slovak)", true},
	{"automatikus válasz", "Exchange (Hungarian)", true},
	{"házon kívül", "Exchange 2003 (Hungarian)", false},
	{"răspuns automat", "Exchange (Romanian)", true},
	{"raspuns automat", "Romanian webmail", true},
	{"автоматичен отговор", "Exchange (Bulgarian)", true},
	{"автоматический ответ", "Exchange (Russian)", true},
	{"автоответ", "Yandex, mail.ru (Russian)", true},
	{"вне офиса", "Gmail (Russian)", false},
	{"автоматична відповідь", "Exchange (Ukrainian)", true},
	{"автовідповідь", "ukr.net (Ukrainian)", true},
	{"αυτόματη απάντηση", "Exchange (Greek)", true},
	{"εκτός γραφείου", "Exchange 2003 (Greek)", false},
	{"otomatik yanıt", "Exchange (Turkish)", true},
	{"otomatik cevap", "Turkish webmail", true},
	{"automatski odgovor", "Exchange (Croatian, Serbian)", true},
	{"samodejni odgovor", "Exchange (Slovenian)", true},
	{"automaatvastus", "Exchange (Estonian)", true},
	{"automātiskā atbilde", "Exchange (Latvian)", true},
	{"automātiska atbilde", "Exchange (Latvian)", true},
	{"atvaļinājums", "Gmail (Latvian)", false},
	{"automatinis atsakymas", "Exchange (Lithuanian)", true},
	{"自動応答", "Exchange (Japanese)", true},
	{"自動返信", "Japanese webmail", true},
	{"不在", "Gmail (Japanese)", false},
	{"自动答复", "Exchange (Chinese)", true},
	{"自动回复", "QQ, 163.com (Chinese)", true},
	{"自動答覆", "Exchange (Chinese)", true},
	{"自動回覆", "Exchange (Chinese)", true},
	{"자동 회신", "Exchange (Korean)", true},
	{"자동 응답", "Naver (Korean)", true},
	{"부재중", "Naver (Korean)", false},
	{"תשובה אוטומטית", "Exchange (Hebrew)", true},
	{"מענה אוטומטי", "Exchange (Hebrew)", true},
	{"رد تلقائي", "Exchange (Arabic)", true},
	{"ตอบกลับอัตโนมัติ", "Exchange (Thai)", true},
	{"trả lời tự động", "Exchange (Vietnamese)", true},
	{"balasan otomatis", "Exchange (Indonesian)", true},
}

// vacationPhrases stand in the text of a vacation reply. They count only
// beside another sign of a program.
var vacationPhrases = []vacationSign{
	{phrase: "out of the office", program: "English"},
	{phrase: "out of office", program: "English"},
	{phrase: "away from the office", program: "English"},
	{phrase: "away from my desk", program: "English"},
	{phrase: "on vacation", program: "English"},
	{phrase: "on holiday", program: "English"},
	{phrase: "on annual leave", program: "English"},
	{phrase: "on parental leave", program: "English"},
	{phrase: "on maternity leave", program: "English"},
	{phrase: "limited access to e-mail", program: "English"},
	{phrase: "limited access to email", program: "English"},
	{phrase: "intermittent access to email", program: "English"},
	{phrase: "i am away", program: "English"},
	{phrase: "nicht im büro", program: "German"},
	{phrase: "nicht im hause", program: "German"},
	{phrase: "außer haus", program: "German"},
	{phrase: "im urlaub", program: "German"},
	{phrase: "nicht erreichbar", program: "German"},
	{phrase: "abwesend", program: "German"},
	{phrase: "je suis absent", program: "French"},
	{phrase: "en congé", program: "French"},
	{phrase: "absent du bureau", program: "French"},
	{phrase: "absente du bureau", program: "French"},
	{phrase: "fuera de la oficina", program: "Spanish"},
	{phrase: "de vacaciones", program: "Spanish"},
	{phrase: "fuori ufficio", program: "Italian"},
	{phrase: "sono assente", program: "Italian"},
	{phrase: "in ferie", program: "Italian"},
	{phrase: "fora do escritório", program: "Portuguese"},
	{phrase: "de férias", program: "Portuguese"},
	{phrase: "ben afwezig", program: "Dutch"},
	{phrase: "niet aanwezig", program: "Dutch"},
	{phrase: "met vakantie", program: "Dutch"},
	{phrase: "op vakantie", program: "Dutch"},
	{phrase: "inte på kontoret", program: "Swedish"},
	{phrase: "på semester", program: "Swedish"},
	{phrase: "är borta", program: "Swedish"},
	{phrase: "på ferie", program: "Danish, Norwegian"},
	{phrase: "ikke på kontoret", program: "Danish, Norwegian"},
	{phrase: "olen lomalla", program: "Finnish"},
	{phrase: "poissa toimistolta", program: "Finnish"},
	{phrase: "poza biurem", program: "Polish"},
	{phrase: "na urlopie", program: "Polish"},
	{phrase: "mimo kancelář", program: "Czech"},
	{phrase: "na dovolené", program: "Czech"},
	{phrase: "na dovolenke", program: "Slovak"},
	{phrase: "szabadságon", program: "Hungarian"},
	{phrase: "házon kívül", program: "Hungarian"},
	{phrase: "în concediu", program: "Romanian"},
	{phrase: "в отпуске", program: "Russian"},
	{phrase: "меня не будет", program: "Russian"},
	{phrase: "вне офиса", program: "Russian"},
	{phrase: "у відпустці", program: "Ukrainian"},
	{phrase: "esmu atvaļinājumā", program: "Latvian"},
	{phrase: "izindeyim", program: "Turkish"},
	{phrase: "ofis dışında", program: "Turkish"},
	{phrase: "不在です", program: "Japanese"},
	{phrase: "不在にして", program: "Japanese"},
	{phrase: "休暇", program: "Japanese"},
	{phrase: "不在办公室", program: "Chinese"},
	{phrase: "休假", program: "Chinese"},
	{phrase: "부재중", program: "Korean"},
	{phrase: "휴가", program: "Korean"},
}

// untilWords stand before the date of return, or behind it in the languages
// that build it so. Inclusive words count the day itself as away.
var untilWords = []struct {
	word      string
	behind    bool
	inclusive bool
	language  string
}{
	{word: "until", language: "English"},
	{word: "till", language: "English"},
	{word: "til ", language: "English, Danish, Norwegian"},
	{word: "through", inclusive: true, language: "English"},
	{word: "up to and including", inclusive: true, language: "English"},
	{word: "returning", language: "English; Domino's subject"},
	{word: "return on", language: "English"},
	{word: "return to the office on", language: "English"},
	{word: "returning to the office on", language: "English"},
	{word: "back on", language: "English"},
	{word: "back in the office on", language: "English"},
	{word: "be back", language: "English"},
	{word: " to ", language: "English: from 1 to 11 March"},
	{word: "bis ", language: "German"},
	{word: "bis einschließlich", inclusive: true, language: "German"},
	{word: "bis einschl.", inclusive: true, language: "German"},
	{word: "zurück am", language: "German"},
	{word: "ab dem", language: "German: ab dem 11. März wieder erreichbar"},
	{word: "wieder am", language: "German"},
	{word: "jusqu'au", language: "French"},
	{word: "jusqu’au", language: "French"},
	{word: "jusqu'à", language: "French"},
	{word: "de retour le", language: "French"},
	{word: "retour le", language: "French"},
	{word: " au ", language: "French: du 1 au 11 mars"},
	{word: "hasta", language: "Spanish"},
	{word: "regreso", language: "Spanish"},
	{word: "regresaré", language: "Spanish"},
	{word: "vuelvo", language: "Spanish"},
	{word: " al ", language: "Spanish, Italian: dal 1 al 11 marzo"},
	{word: "fino a", language: "Italian"},
	{word: "sino a", language: "Italian"},
	{word: "rientro", language: "Italian"},
	{word: "rientrerò", language: "Italian"},
	{word: "até", language: "Portuguese"},
	{word: "retorno", language: "Portuguese"},
	{word: "regressarei", language: "Portuguese"},
	{word: "fins a", language: "Catalan"},
	{word: "tot ", language: "Dutch"},
	{word: "t/m", inclusive: true, language: "Dutch"},
	{word: "tot en met", inclusive: true, language: "Dutch"},
	{word: "terug op", language: "Dutch"},
	{word: "till och med", inclusive: true, language: "Swedish"},
	{word: "t.o.m.", inclusive: true, language: "Swedish"},
	{word: "åter den", language: "Swedish"},
	{word: "tillbaka den", language: "Swedish"},
	{word: "til og med", inclusive: true, language: "Danish, Norwegian"},
	{word: "t.o.m", inclusive: true, language: "Norwegian"},
	{word: "tilbage d", language: "Danish"},
	{word: "tilbake", language: "Norwegian"},
	{word: "asti", behind: true, inclusive: true, language: "Finnish"},
	{word: "saakka", behind: true, inclusive: true, language: "Finnish"},
	{word: " do ", language: "Polish, Czech, Slovak, Croatian"},
	{word: "wracam", language: "Polish"},
	{word: "vrátím se", language: "Czech"},
	{word: "-ig ", behind: true, inclusive: true, language: "Hungarian"},
	{word: "până", language: "Romanian"},
	{word: "pana la", language: "Romanian"},
	{word: "до ", language: "Russian, Ukrainian, Bulgarian"},
	{word: "по ", inclusive: true, language: "Russian: с 1 по 11 марта"},
	{word: "вернусь", language: "Russian"},
	{word: "έως", language: "Greek"},
	{word: "μέχρι", language: "Greek"},
	{word: "tarihine kadar", behind: true, language: "Turkish"},
	{word: "'a kadar", behind: true, language: "Turkish"},
	{word: "kadar", behind: true, language: "Turkish"},
	{word: "līdz", language: "Latvian"},
	{word: "iki ", language: "Lithuanian"},
	{word: "kuni", language: "Estonian"},
	{word: "まで", behind: true, inclusive: true, language: "Japanese"},
	{word: "返回", behind: true, language: "Chinese"},
	{word: "回来", behind: true, language: "Chinese"},
	{word: "直到", language: "Chinese"},
	{word: "至", language: "Chinese"},
	{word: "之前", behind: true, language: "Chinese"},
	{word: "까지", behind: true, inclusive: true, language: "Korean"},
}

// monthNames hold the months by language, January first. A name that ends in
// a dash is a stem, for languages that bend their months (marca, марта). The
// first three letters and more serve as abbreviations.
var monthNames = [][12]string{
	{"january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november", "december"},                                // English
	{"januar", "februar", "märz", "april", "mai", "juni", "juli", "august", "september", "oktober", "november", "dezember"},                                   // German
	{"jänner", "feber", "maerz", "april", "mai", "juni", "juli", "august", "september", "oktober", "november", "dezember"},                                    // Austrian, and German without umlauts
	{"janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre", "novembre", "décembre"},                                 // French
	{"enero", "febrero", "marzo", "abril", "mayo", "junio", "julio", "agosto", "septiembre", "octubre", "noviembre", "diciembre"},                             // Spanish
	{"gennaio", "febbraio", "marzo", "aprile", "maggio", "giugno", "luglio", "agosto", "settembre", "ottobre", "novembre", "dicembre"},                        // Italian
	{"janeiro", "fevereiro", "março", "abril", "maio", "junho", "julho", "agosto", "setembro", "outubro", "novembro", "dezembro"},                             // Portuguese
	{"gener", "febrer", "març", "abril", "maig", "juny", "juliol", "agost", "setembre", "octubre", "novembre", "desembre"},                                    // Catalan
	{"januari", "februari", "maart", "april", "mei", "juni", "juli", "augustus", "september", "oktober", "november", "december"},                              // Dutch
	{"januari", "februari", "mars", "april", "maj", "juni", "juli", "augusti", "september", "oktober", "november", "december"},                                // Swedish
	{"januar", "februar", "marts", "april", "maj", "juni", "juli", "august", "september", "oktober", "november", "december"},                                  // Danish
	{"januar", "februar", "mars", "april", "mai", "juni", "juli", "august", "september", "oktober", "november", "desember"},                                   // Norwegian
	{"tammikuu-", "helmikuu-", "maaliskuu-", "huhtikuu-", "toukokuu-", "kesäkuu-", "heinäkuu-", "elokuu-", "syyskuu-", "lokakuu-", "marraskuu-", "joulukuu-"}, // Finnish
	{"stycz-", "lut-", "marca", "kwie-", "maj-", "czerw-", "lip-", "sierp-", "wrze-", "paźdz-", "listopad-", "grud-"},                                         // Polish
	{"styczeń", "luty", "marzec", "kwiecień", "maj", "czerwiec", "lipiec", "sierpień", "wrzesień", "październik", "listopad", "grudzień"},                     // Polish, as a heading
	{"ledn-", "únor-", "březn-", "dubn-", "květn-", "června", "července", "srpn-", "září", "říjn-", "listopad-", "prosin-"},                                   // Czech
	{"január-", "február-", "marca", "apríl-", "mája", "júna", "júla", "august-", "septembr-", "októbr-", "novembr-", "decembr-"},                             // Slovak
	{"január-", "február-", "március-", "április-", "május-", "június-", "július-", "augusztus-", "szeptember-", "október-", "november-", "december-"},        // Hungarian
	{"ianuarie", "februarie", "martie", "aprilie", "mai", "iunie", "iulie", "august", "septembrie", "octombrie", "noiembrie", "decembrie"},                    // Romanian
	{"январ-", "феврал-", "март-", "апрел-", "мая", "июн-", "июл-", "август-", "сентябр-", "октябр-", "ноябр-", "декабр-"},                                    // Russian
	{"січ-", "лют-", "берез-", "квіт-", "трав-", "черв-", "лип-", "серп-", "верес-", "жовт-", "листопад-", "груд-"},                                           // Ukrainian
	{"ιανουαρ-", "φεβρουαρ-", "μαρτ-", "απριλ-", "μαΐ-", "ιουν-", "ιουλ-", "αυγο-", "σεπτ-", "οκτω-", "νοεμ-", "δεκεμ-"},                                      // Greek
	{"ocak", "şubat", "mart", "nisan", "mayıs", "haziran", "temmuz", "ağustos", "eylül", "ekim", "kasım", "aralık"},                                           // Turkish
	{"janvār-", "februār-", "mart-", "aprīl-", "maij-", "jūnij-", "jūlij-", "august-", "septembr-", "oktobr-", "novembr-", "decembr-"},                        // Latvian
	{"saus-", "vasar-", "kov-", "baland-", "gegu-", "birž-", "liep-", "rugpjū-", "rugsėj-", "spal-", "lapkri-", "gruod-"},                                     // Lithuanian
	{"jaanuar-", "veebruar-", "märts-", "aprill-", "mai", "juuni-", "juuli-", "august-", "septemb-", "oktoob-", "novemb-", "detsemb-"},                        // Estonian
}
