package main

import (
	"net/http"
	"testing"

	"hajir/internal/faces/facestest"
	"hajir/models"
)

// What keeps a picture from enrolling a face is told beforehand as it is told
// when it is enrolled, and nothing of it is kept.
func TestExamineFace(t *testing.T) {
	w := newWorld(t)
	token := w.company("acme")
	w.person("acme", "asha")
	w.want(w.call("POST", "/companies/acme/employees", token, map[string]any{"username": "bina", "name": "Bina"}), http.StatusCreated, "")
	const path = "/companies/acme/employees/bina/faces"
	w.want(w.send(path+"/examine", token, []byte("face:bina")), http.StatusConflict, "face_consent")
	w.agree("acme", "bina")
	for script, want := range map[string]struct{ code, reason string }{
		"none":                {"face_none", "NO_FACE"},
		"face:bina,face:asha": {"face_several", "EXCEEDS_MAX_FACES"},
		"small:bina":          {"face_small", "SMALL_BOUNDING_BOX"},
		"dark:bina":           {"face_dark", "LOW_BRIGHTNESS"},
		"bright:bina":         {"face_bright", "HIGH_BRIGHTNESS"},
		"blurred:bina":        {"face_blurred", "LOW_SHARPNESS"},
		"turned:bina":         {"face_turned", "EXTREME_POSE"},
		"closed:bina":         {"face_eyes", "EYES_CLOSED"},
		"face:asha":           {"face_duplicate", "ENROLLED_ALREADY"},
	} {
		r := w.want(w.send(path+"/examine", token, []byte(script)), http.StatusOK, "")
		found, _ := r.json["findings"].([]any)
		if r.json["good"] != false || len(found) != 1 {
			t.Errorf("%s: %s", script, r.Body)
			continue
		}
		first, _ := found[0].(map[string]any)
		if first["code"] != want.code || first["reason"] != want.reason || first["detail"] == "" {
			t.Errorf("%s: %v, want %v", script, first, want)
		}
		status := http.StatusUnprocessableEntity
		if want.code == "face_duplicate" {
			status = http.StatusConflict
		}
		w.want(w.send(path, token, facestest.Picture(script)), status, want.code)
	}
	r := w.want(w.send(path+"/examine", token, []byte("left:bina")), http.StatusOK, "")
	face, _ := r.json["face"].(map[string]any)
	nearest, _ := r.json["nearest"].(map[string]any)
	if r.json["good"] != true || face["yaw"] != 20.0 || nearest["username"] != "asha" || face["liveness"] != nil {
		t.Errorf("a good picture: %s", r.Body)
	}
	w.want(w.send(path+"/examine", token, []byte("rubbish")), http.StatusUnprocessableEntity, "picture_invalid")
	list := w.want(w.call("GET", path, token, nil), http.StatusOK, "")
	if kept, _ := list.json["faces"].([]any); len(kept) != 0 {
		t.Errorf("kept: %s", list.Body)
	}
	// A picture of a picture enrols, unless the company asks for life.
	w.want(w.send(path, token, facestest.Picture("photo:bina")), http.StatusCreated, "")
	w.settings(map[string]any{"liveness": "require"})
	w.want(w.send(path, token, facestest.Picture("photo:bina#again")), http.StatusUnprocessableEntity, "face_not_live")
	w.want(w.send(path, token, facestest.Picture("face:bina")), http.StatusCreated, "")
}

// Sample pictures pass through the real models: good ones are good.
func TestExamineRealFace(t *testing.T) {
	w := newRealWorld(t)
	token := w.company("acme")
	w.want(w.call("POST", "/companies/acme/employees", token, map[string]any{"username": "asha", "name": "Asha"}), http.StatusCreated, "")
	w.agree("acme", "asha")
	group, err := models.Sample("sample6.jpg")
	if err != nil {
		t.Fatal(err)
	}
	r := w.want(w.send("/companies/acme/employees/asha/faces/examine", token, group), http.StatusOK, "")
	face, _ := r.json["face"].(map[string]any)
	if r.json["good"] != false || face["measured"] != true || face["brightness"] == 0.0 {
		t.Errorf("a group: %s", r.Body)
	}
	w.settings(map[string]any{"liveness": "warn"}) // a model measures it
}
