package digest

import "testing"

func TestJoinersStayWhereTheyBelong(t *testing.T) {
	for _, c := range []struct{ name, in, want string }{
		{"a Persian verb", "می\u200cخواهم", "می\u200cخواهم"},
		{"a Persian plural, with a comma", "کتاب\u200cها، خانه\u200cها", "کتاب\u200cها، خانه\u200cها"},
		{"Persian with vowel signs", "مِی\u200cخواهم", "مِی\u200cخواهم"},
		{"two of them in a word", "نمی\u200cدانسته\u200cاند", "نمی\u200cدانسته\u200cاند"},
		{"a Hindi half letter", "क्\u200dष", "क्\u200dष"},
		{"a Hindi letter kept apart", "क्\u200cष", "क्\u200cष"},
		{"Sinhala", "ශ්\u200dරී", "ශ්\u200dරී"},
		{"Bengali ra before ya", "র\u200d্যাম", "র\u200d্যাম"},
		{"Kannada", "ನ್\u200dಯೂಸ್", "ನ್\u200dಯೂಸ್"},
		{"a family", "👩\u200d👩\u200d👧\u200d👦", "👩\u200d👩\u200d👧\u200d👦"},
		{"a rainbow flag", "🏳\ufe0f\u200d🌈", "🏳\ufe0f\u200d🌈"},
		{"a woman at her desk, of a colour", "👩🏽\u200d💻", "👩🏽\u200d💻"},
		{"Latin letters hide nothing", "pay\u200dpal ad\u200cmin", "paypal admin"},
		{"nor do ids", "A-1\u200d2 done", "A-12 done"},
		{"nor ends of words", "می\u200c \u200cها \u200d", "می ها"},
		{"one is enough", "می\u200c\u200c\u200cخواهم", "می\u200cخواهم"},
		{"an emoji and a letter are no picture", "👩\u200da", "👩a"},
		{"Arabic letters that do not join need none", "دا\u200cر", "دار"},
		{"a joiner among Arabic letters", "می\u200dخواهم", "میخواهم"},
		{"Chinese", "中\u200d文", "中文"},
		{"what stood between is gone first", "می\u200b\u200c\u200bخواهم", "می\u200cخواهم"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := clean(c.in); got != c.want {
				t.Errorf("got %+q, want %+q", got, c.want)
			}
		})
	}
}
