package main

import (
	"bytes"
	"encoding/binary"
	"errors"
	"hash/crc32"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"net/http"
	"net/url"
	"os"
	"runtime"
	"strings"
	"testing"
	"time"

	"hajir/internal/attendance"
	"hajir/internal/company"
	"hajir/internal/faces"
	"hajir/internal/faces/facestest"
	"hajir/internal/faces/onnx"
	"hajir/internal/hajir"
	"hajir/internal/identity/identitytest"
	"hajir/models"
)

var siteForTest = &url.URL{Scheme: "http", Host: "127.0.0.1:8080"}

func companySettings(window *time.Duration) company.Settings {
	return company.Settings{RepeatWindow: window}
}

func attendanceAttempt(script string) attendance.Attempt {
	return attendance.Attempt{Company: "acme", Pictures: [][]byte{facestest.Picture(script)}, Source: hajir.SourceWeb}
}

// newRealWorld is a world whose faces are found by the real models.
func newRealWorld(t *testing.T) *world {
	t.Helper()
	if err := models.Ready(); err != nil {
		t.Skip("SKIPPED: ", err)
	}
	w := &world{t: t, dir: t.TempDir(), clock: identitytest.NewClock(time.Date(2026, 3, 2, 3, 15, 0, 0, time.UTC))}
	w.app = openTest(t, w.dir, w.clock.Now, func(store faces.TemplateStore) (faces.Recognizer, error) {
		return onnx.Open(t.Context(), onnx.Config{Models: models.FS(), Store: store, Now: w.clock.Now})
	})
	w.handler = serverOf(w.app)
	return w
}

// bomb is a PNG of a few bytes that claims 50 megapixels.
func bomb() []byte {
	var b bytes.Buffer
	b.WriteString("\x89PNG\r\n\x1a\n")
	chunk := func(kind string, data []byte) {
		_ = binary.Write(&b, binary.BigEndian, uint32(len(data)))
		body := append([]byte(kind), data...)
		b.Write(body)
		_ = binary.Write(&b, binary.BigEndian, crc32.ChecksumIEEE(body))
	}
	header := binary.BigEndian.AppendUint32(nil, 10000)
	header = binary.BigEndian.AppendUint32(header, 5000)
	chunk("IHDR", append(header, 8, 2, 0, 0, 0))
	chunk("IDAT", []byte{0x78, 0x9c, 0x63})
	return b.Bytes()
}

func plain(encode func(*bytes.Buffer, image.Image) error) []byte {
	img := image.NewGray(image.Rect(0, 0, 320, 240))
	for i := range img.Pix {
		img.Pix[i] = color.Gray{Y: byte(i * 7)}.Y
	}
	var b bytes.Buffer
	if err := encode(&b, img); err != nil {
		panic(err)
	}
	return b.Bytes()
}

func TestBadPictures(t *testing.T) {
	w := newRealWorld(t)
	token := w.company("acme")
	w.want(w.call("POST", "/companies/acme/employees", token, map[string]any{"username": "asha", "name": "Asha"}), http.StatusCreated, "")
	w.agree("acme", "asha")
	sample, err := models.Sample("sample1.jpg")
	if err != nil {
		t.Fatal(err)
	}
	film, err1 := os.ReadFile("../../internal/imaging/testdata/animated.avif")
	large, err2 := os.ReadFile("../../internal/imaging/testdata/large.avif")
	if err := errors.Join(err1, err2); err != nil {
		t.Fatal(err)
	}
	jpg := plain(func(b *bytes.Buffer, m image.Image) error { return jpeg.Encode(b, m, nil) })
	pngFile := plain(func(b *bytes.Buffer, m image.Image) error { return png.Encode(b, m) })
	for name, tt := range map[string]struct {
		picture []byte
		status  int
		code    string
	}{
		"0 bytes":               {nil, http.StatusUnprocessableEntity, "picture_invalid"},
		"1 byte":                {[]byte{0xff}, http.StatusUnprocessableEntity, "picture_invalid"},
		"text as JPEG":          {[]byte("hello, this is no picture at all"), http.StatusUnprocessableEntity, "picture_invalid"},
		"a truncated JPEG":      {sample[:len(sample)/3], http.StatusUnprocessableEntity, "picture_invalid"},
		"a JPEG's first bytes":  {sample[:20], http.StatusUnprocessableEntity, "picture_invalid"},
		"a truncated PNG":       {pngFile[:len(pngFile)/2], http.StatusUnprocessableEntity, "picture_invalid"},
		"a PNG renamed to JPEG": {pngFile, http.StatusUnprocessableEntity, "face_none"}, // read as what it is
		"a GIF":                 {[]byte("GIF89a\x01\x00\x01\x00\x00\x00\x00;"), http.StatusUnsupportedMediaType, "unsupported"},
		"a PDF renamed to JPEG": {[]byte("%PDF-1.7\n1 0 obj\n"), http.StatusUnsupportedMediaType, "unsupported"},
		"an SVG":                {[]byte("<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>"), http.StatusUnsupportedMediaType, "unsupported"},
		"an animated AVIF":      {film, http.StatusUnsupportedMediaType, "unsupported"},
		"an animated WebP":      {[]byte("RIFF\x40\x00\x00\x00WEBPVP8X\x0a\x00\x00\x00\x02\x00\x00\x00\x07\x00\x00\x07\x00\x00ANIM"), http.StatusUnsupportedMediaType, "unsupported"},
		"an AVIF of 20 MP":      {large, http.StatusRequestEntityTooLarge, "too_large"},
		"50 megapixels":         {bomb(), http.StatusRequestEntityTooLarge, "too_large"},
		"more than 20 MB":       {append(bytes.Clone(jpg), make([]byte, 20<<20)...), http.StatusRequestEntityTooLarge, "too_large"},
		"more than any body":    {make([]byte, 30<<20), http.StatusRequestEntityTooLarge, "too_large"},
		"no face":               {jpg, http.StatusUnprocessableEntity, "face_none"},
		"three faces":           {sample, http.StatusUnprocessableEntity, "face_several"},
	} {
		for _, path := range []string{"/companies/acme/punches", "/companies/acme/employees/asha/faces"} {
			if r := w.send(path, token, tt.picture); r.Code != tt.status || r.code() != tt.code {
				t.Errorf("%s to %s: %d %q, want %d %q: %s", name, path, r.Code, r.code(), tt.status, tt.code, r.Body)
			}
		}
		if strings.HasPrefix(tt.code, "face_") { // a profile picture may show anything
			continue
		}
		if r := w.setPicture(token, tt.picture); r.Code != tt.status || r.code() != tt.code {
			t.Errorf("%s as profile picture: %d %q, want %d %q: %s", name, r.Code, r.code(), tt.status, tt.code, r.Body)
		}
	}
	if n := w.countObjects(); n != 0 {
		t.Errorf("%d pictures are kept of refusals", n)
	}
}

// A hundred bombs cost no more memory than one header each.
func TestBombsAreCheap(t *testing.T) {
	w := newRealWorld(t)
	token := w.company("acme")
	picture := bomb()
	w.want(w.send("/companies/acme/punches", token, picture), http.StatusRequestEntityTooLarge, "too_large")
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	const bombs = 100
	for range bombs {
		w.want(w.send("/companies/acme/punches", token, picture), http.StatusRequestEntityTooLarge, "too_large")
	}
	runtime.ReadMemStats(&after)
	if each := (after.TotalAlloc - before.TotalAlloc) / bombs; each > 1<<20 {
		t.Errorf("a bomb of %d bytes has %d bytes allocated", len(picture), each)
	}
}
