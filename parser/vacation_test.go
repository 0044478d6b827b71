package parser

import (
	"testing"
	"time"
)

// The texts below were sent on Tuesday, 5 March 2024.
var sent = time.Date(2024, 3, 5, 9, 12, 0, 0, time.UTC)

func TestAwayUntil(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{"I am out of the office until 11 March.", "2024-03-11"},
		{"I will be back on March 11th, 2024", "2024-03-11"},
		{"Away from 1st to 11th of March", "2024-03-11"},
		{"I'm on leave through Friday, March 15.", "2024-03-16"},
		{"returning 03/11/2024", "2024-03-11"},
		{"returning 11/03/2024", "2024-03-11"},
		{"returning 25/03/24", "2024-03-25"},
		{"out until 2024-03-11", "2024-03-11"},
		{"Returning to the office on Mon 11-Mar-2024", "2024-03-11"},
		{"Ich bin bis zum 11. März nicht im Büro.", "2024-03-11"},
		{"Ich bin bis einschließlich 11.03.2024 abwesend.", "2024-03-12"},
		{"Ab dem 11.3. bin ich wieder erreichbar.", "2024-03-11"},
		{"Je suis absent jusqu’au 11 mars inclus.", "2024-03-12"},
		{"Absent du 1er au 11 mars", "2024-03-11"},
		{"Estoy fuera de la oficina hasta el 11 de marzo de 2024.", "2024-03-11"},
		{"Sono fuori ufficio fino all’11 marzo.", "2024-03-11"},
		{"Estou fora do escritório até 11 de março.", "2024-03-11"},
		{"Ik ben afwezig tot 11 maart.", "2024-03-11"},
		{"Afwezig t/m 11 maart", "2024-03-12"},
		{"Jag är borta till 11 mars.", "2024-03-11"},
		{"Jag är ledig t.o.m. 11/3", "2024-03-12"},
		{"Jeg er på ferie til og med 11. mars", "2024-03-12"},
		{"Olen lomalla 11.3. asti.", "2024-03-12"},
		{"Olen poissa 11. maaliskuuta saakka.", "2024-03-12"},
		{"Jestem poza biurem do 11 marca.", "2024-03-11"},
		{"Budu mimo kancelář do 11. března.", "2024-03-11"},
		{"Szabadságon vagyok március 11-ig .", "2024-03-12"},
		{"Sunt în concediu până pe 11 martie.", "2024-03-11"},
		{"Меня не будет до 11 марта.", "2024-03-11"},
		{"Я в отпуске с 1 по 11 марта", "2024-03-12"},
		{"Я у відпустці до 11 березня.", "2024-03-11"},
		{"Λείπω έως 11 Μαρτίου", "2024-03-11"},
		{"11 Mart 2024 tarihine kadar izindeyim.", "2024-03-11"},
		{"Esmu atvaļinājumā līdz 11. martam", "2024-03-11"},
		{"3月11日まで不在です。", "2024-03-12"},
		{"我将于2024年3月11日返回办公室。", "2024-03-11"},
		{"3월 11일까지 부재중입니다.", "2024-03-12"},

		{"I am away from 4 to 8 March and will be back on Monday, March 11.", "2024-03-11"},
		{"I am away until 8 March and again from 18 to 22 March.", "2024-03-08"},
		{"I am away until March 11, 2024. We stay closed to visitors until 30 June 2024.", "2024-03-11"},
		{"I will not return to work until Monday the 11th of March", "2024-03-11"},
		{"On holiday, back 11th March", "2024-03-11"},
		{"out of office until 8 March inclusive", "2024-03-09"},
		{"Ich bin vom 4.3. bis 8.3. im Urlaub und ab 11.3. wieder da.", "2024-03-11"},
		{"Am Montag, den 11.03. bin ich wieder im Büro.", "2024-03-11"},
		{"Ich bin im Urlaub bis 8.3. inkl.", "2024-03-09"},
		{"Me reincorporo el lunes 11 de marzo", "2024-03-11"},
		{"del 4 al 8 de marzo, ambos inclusive", "2024-03-09"},
		{"Op 11 maart ben ik terug.", "2024-03-11"},
		{"Ik ben vanaf maandag 11 maart weer bereikbaar.", "2024-03-11"},
		{"Jestem na urlopie do poniedziałku, 11 marca.", "2024-03-11"},
		{"Я в отпуске до понедельника, 11 марта.", "2024-03-11"},
		{"Palaan maanantaina 11.3.", "2024-03-11"},
		{"Olen puhkusel kuni 11. märtsini", "2024-03-11"},
		{"Szabadságon vagyok 2024.03.08-ig.", "2024-03-09"},
		{"2024年3月4日（月）〜3月8日（金）まで不在にしております。", "2024-03-09"},
		{"3月8日まで休暇です。3月11日より出社します。", "2024-03-11"},
		{"3월 4일부터 3월 8일까지 휴가입니다.", "2024-03-09"},
		{"休假，3月4日至3月8日，3月11日回来", "2024-03-11"},
		{"أنا خارج المكتب حتى 11 مارس 2024", "2024-03-11"},
		{"אני בחופשה עד 11.3.2024", "2024-03-11"},
		{"Saya cuti sampai 11 Maret 2024", "2024-03-11"},
		{"Tôi nghỉ phép đến hết ngày 10/3/2024", "2024-03-11"},

		{"I am out of the office from Monday 4th March until\nMonday 11th March.", "2024-03-11"},
		{"Estarei de férias, retornando em 11/03/2024.", "2024-03-11"},
		{"március 11-én térek vissza", "2024-03-11"},
		{"11 Mart Pazartesi döneceğim.", "2024-03-11"},

		{"I am away until\n\n11 March: the release", ""},
		{"For the minutes write to Bob before 12 March.", ""},
		{"Send it to Bob by 12 March 2024", ""},
		{"I have limited access to email. Your mail of 11 March waits.", ""},
		{"The release to production is on 20 March.", ""},
		{"Proszę pisać do Ewy przed 12 marca.", ""},
		{"bis zum 7. Januar", ""},
		{"until further notice", ""},
		{"I am still here on 11 March", ""},
		{"until 11 February 2024", ""},
		{"until 31 April", ""},
		{"until version 2.11.3 is out", ""},
		{"until 1 June 2031", ""},
		{"Call me at 555-1103 until then", ""},
	} {
		if got := awayUntil(c.text, sent); got != c.want {
			t.Errorf("%q: got %q, want %q", c.text, got, c.want)
		}
	}
}

func TestAwayUntilNeedsTheDateOfTheMail(t *testing.T) {
	if got := awayUntil("until 11 March", time.Time{}); got != "" {
		t.Errorf("got %q for a mail without a date", got)
	}
}

func FuzzAwayUntil(f *testing.F) {
	f.Add("until 11 March")
	f.Add("11.3. asti")
	f.Add("3月11日まで")
	f.Fuzz(func(t *testing.T, text string) {
		until := awayUntil(text, sent)
		if until == "" {
			return
		}
		day, err := time.Parse(time.DateOnly, until)
		if err != nil || day.Before(sent.AddDate(0, 0, -1)) || day.Sub(sent) > longestAbsence {
			t.Errorf("%q gives %q", text, until)
		}
	})
}
