package minutes

import (
	"testing"
	"time"
)

func TestDateIn(t *testing.T) {
	for text, want := range map[string]string{
		"30 Jan 2017":                                  "2017-01-30",
		"January 10, 2024":                             "2024-01-10",
		"Sept. 6, 2017: 1-3pm":                         "2017-09-06",
		"Date: 2019.05.31":                             "2019-05-31",
		"2022-08-17T13:00:00Z":                         "2022-08-17",
		"(22/4/24) Meeting":                            "2024-04-22",
		"1/30/2017":                                    "2017-01-30",
		"30.01.2017":                                   "2017-01-30",
		"Besprechung vom 3. März 2020":                 "2020-03-03",
		"réunion du 1er février 2021":                  "2021-02-01",
		"reunión del 30 de enero de 2017":              "2017-01-30",
		"Monday 3rd of February 2020":                  "2020-02-03",
		"Meeting started Mon Jan 30 15:00:10 2017 UTC": "2017-01-30",
		"28-29 Nov 2016":                               "2016-11-28 2016-11-29",
		"28–29 Nov 2016":                               "2016-11-28 2016-11-29",
		"Nov 28-29, 2016":                              "2016-11-28 2016-11-29",
		"30 Nov - 1 Dec 2016":                          "2016-11-30 2016-12-01",
		"Dec 30 – Jan 2, 2017":                         "2016-12-30 2017-01-02",
		"minutes 20170130":                             "2017-01-30",
		"30 Feb 2017":                                  "",
		"version 1.2.2019-beta":                        "2019-02-01",
		"wac-20220705":                                 "",
		"at 12:30, room 4":                             "",
		"RFC 2229, 2021":                               "",
		"– — 5":                                        "",
	} {
		got := ""
		if f, ok := dateIn(text); ok {
			got = f.day.Format(time.DateOnly)
			if !f.until.IsZero() {
				got += " " + f.until.Format(time.DateOnly)
			}
		}
		if got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
}

func TestNameDate_reads_names_of_files(t *testing.T) {
	for name, want := range map[string]string{
		"minutes/cores-tg-2020-12-04.md": "2020-12-04", "Dec.04.2020.md": "2020-12-04", "2019/08/27.md": "2019-08-27",
		"20250129_agenda_and_minutes.md": "2025-01-29", "meeting-2020_01_07.txt": "2020-01-07", "notes.md": "",
	} {
		got := ""
		if f, ok := nameDate(name); ok {
			got = f.day.Format(time.DateOnly)
		}
		if got != want {
			t.Errorf("%q: %q, want %q", name, got, want)
		}
	}
}
