package api_test

import (
	"bytes"
	"mime/multipart"
	"testing"

	"hajir/internal/api"
	"hajir/internal/hajir"
)

func formOf(t testing.TB, fields ...string) (contentType string, body []byte) {
	t.Helper()
	var buf bytes.Buffer
	m := multipart.NewWriter(&buf)
	for _, f := range fields {
		part, err := m.CreateFormFile(f, "a.jpg")
		if err != nil {
			t.Fatal(err)
		}
		if _, err := part.Write([]byte("of " + f)); err != nil {
			t.Fatal(err)
		}
	}
	if err := m.Close(); err != nil {
		t.Fatal(err)
	}
	return m.FormDataContentType(), buf.Bytes()
}

func TestPictureBody(t *testing.T) {
	form, body := formOf(t, "note", "picture", "picture")
	other, otherBody := formOf(t, "file")
	for name, tt := range map[string]struct {
		contentType string
		body        []byte
		want        string
		code        hajir.Code
	}{
		"the bytes":            {"image/jpeg", []byte("bytes"), "bytes", ""},
		"without a type":       {"", []byte("bytes"), "bytes", ""},
		"of a malformed type":  {"image/;;", []byte("bytes"), "bytes", ""},
		"the form's first":     {form, body, "of picture", ""},
		"a form without it":    {other, otherBody, "", hajir.Invalid},
		"a form that is cut":   {form, body[:len(body)/2], "", hajir.Invalid},
		"no form at all":       {form, []byte("bytes"), "", hajir.Invalid},
		"a form without parts": {"multipart/form-data", body, "", hajir.Invalid},
		"nothing":              {"image/jpeg", nil, "", hajir.PictureInvalid},
		"too much":             {"image/jpeg", make([]byte, api.MaxPicture+1), "", hajir.TooLarge},
	} {
		t.Run(name, func(t *testing.T) {
			b := api.PictureBody{ContentType: tt.contentType, RawBody: tt.body}
			got, err := b.Picture()
			if string(got) != tt.want || (err == nil) != (tt.code == "") || err != nil && hajir.CodeOf(err) != tt.code {
				t.Errorf("Picture = %q, %v; want %q with code %q", got, err, tt.want, tt.code)
			}
		})
	}
}

// Whatever comes, the answer is a picture or an error that a client is told.
func FuzzPictureBody(f *testing.F) {
	form, body := formOf(f, "picture")
	f.Add(form, body)
	f.Add("image/jpeg", []byte{0xff, 0xd8})
	f.Add("multipart/form-data; boundary=a", []byte("--a\r\n\r\n--a--"))
	f.Fuzz(func(t *testing.T, contentType string, body []byte) {
		b := api.PictureBody{ContentType: contentType, RawBody: body}
		got, err := b.Picture()
		if err != nil && hajir.CodeOf(err) == hajir.Internal {
			t.Errorf("an internal error: %v", err)
		}
		if err == nil && (len(got) == 0 || len(got) > len(body)) {
			t.Errorf("%d bytes of %d", len(got), len(body))
		}
	})
}

func TestPicturesOfAMoment(t *testing.T) {
	three, body := formOf(t, "picture", "note", "picture", "picture")
	for most, want := range map[int]hajir.Code{3: "", 4: "", 2: hajir.Invalid} {
		b := api.PictureBody{ContentType: three, RawBody: body}
		all, err := b.Pictures(most)
		if got := hajir.CodeOf(err); err == nil && (want != "" || len(all) != 3) || err != nil && got != want {
			t.Errorf("at most %d: %d pictures, %v", most, len(all), err)
		}
	}
	b := api.PictureBody{ContentType: "image/jpeg", RawBody: []byte("bytes")}
	if all, err := b.Pictures(3); err != nil || len(all) != 1 || string(all[0]) != "bytes" {
		t.Errorf("the bytes alone: %q, %v", all, err)
	}
	half := bytes.Repeat([]byte("x"), api.MaxPicture/2+1)
	var buf bytes.Buffer
	m := multipart.NewWriter(&buf)
	for range 2 {
		part, err := m.CreateFormFile("picture", "a.jpg")
		if err != nil {
			t.Fatal(err)
		}
		if _, err := part.Write(half); err != nil {
			t.Fatal(err)
		}
	}
	if err := m.Close(); err != nil {
		t.Fatal(err)
	}
	b = api.PictureBody{ContentType: m.FormDataContentType(), RawBody: buf.Bytes()}
	if _, err := b.Pictures(3); hajir.CodeOf(err) != hajir.TooLarge {
		t.Errorf("two that are too much together: %v", err)
	}
}
