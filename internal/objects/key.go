package objects

import (
	"path"
	"strings"
)

// FacesPrefix is where a company's enrolment pictures are.
func FacesPrefix(company string) string { return "faces/" + company + "/" }

// Size is one of the sizes in which a picture is kept.
type Size string

// The sizes of a picture that people look at, and the most pixels that their
// longer side has. Original is enough to compute a template anew with another
// model.
const (
	Original Size = "original" // 2048
	Medium   Size = "medium"   // 640
	Small    Size = "small"    // 160
)

// Sizes lists the sizes.
func Sizes() []Size { return []Size{Original, Medium, Small} }

// Pixels returns the most pixels that each of Sizes has on its longer side.
func Pixels() []int { return []int{2048, 640, 160} }

// FaceKey returns the key of one enrolment picture.
func FaceKey(company, username, faceID string, size Size) string {
	return FacesPrefix(company) + path.Join(username, faceID, string(size)) + ".jpg"
}

// FacePrefix is where all sizes of one enrolment picture are.
func FacePrefix(company, username, faceID string) string {
	return FacesPrefix(company) + path.Join(username, faceID) + "/"
}

// ProfilesPrefix is where the profile pictures of a company's people are.
func ProfilesPrefix(company string) string { return "profiles/" + company + "/" }

// ProfilePrefix is where all of a person's profile pictures are, the present one
// and any that was not cleared away: whoever erases the person deletes it.
func ProfilePrefix(company, username string) string {
	return ProfilesPrefix(company) + username + "/"
}

// ProfileKey returns the key of a profile picture. Its ID is another one for each
// picture, so that a link to an old one never shows the new.
func ProfileKey(company, username, pictureID string, size Size) string {
	return ProfilePrefix(company, username) + path.Join(pictureID, string(size)) + ".jpg"
}

// PersonFaces is where all enrolment pictures of a person are.
func PersonFaces(company, username string) string { return FacesPrefix(company) + username + "/" }

// PunchPrefix is where the daily images of a company lay before they lay below
// each person; punches still name those.
func PunchPrefix(company string) string { return "punches/" + company + "/" }

// DailyPrefix is where the daily images of a company lie.
func DailyPrefix(company string) string { return "daily/" + company + "/" }

// PersonDaily is where the daily images of a person lie, so that all of them
// are found when they are to go, those too that no punch names because the
// program was cut off.
func PersonDaily(company, username string) string { return DailyPrefix(company) + username + "/" }

// PunchKey returns the key of the picture of a punch.
func PunchKey(company, username, date, punchID string) string {
	return PersonDaily(company, username) + strings.ReplaceAll(date, "-", "/") + "/" + punchID + ".jpg"
}

// RefusalPrefix is where the pictures of faces lie that a company's cameras
// refused: nobody's, until somebody says whose.
func RefusalPrefix(company string) string { return "refusals/" + company + "/" }

// RefusalKey returns the key of the picture of a refusal.
func RefusalKey(company, reviewID string) string { return RefusalPrefix(company) + reviewID + ".jpg" }

// Image returns what key is a picture of, whatever its size: all sizes of one
// enrolment or profile picture are one image.
func Image(key string) string {
	if strings.HasPrefix(key, "faces/") || strings.HasPrefix(key, "profiles/") {
		return path.Dir(key)
	}
	return strings.TrimSuffix(key, path.Ext(key))
}

// Avatar says whether key is a profile picture in its smallest size: what lists
// show of everybody, because each has chosen to be shown so.
func Avatar(key string) bool {
	return strings.HasPrefix(key, "profiles/") && path.Base(key) == string(Small)+".jpg"
}

// PunchDate returns the date YYYY-MM-DD of the punch that key, with or without
// its ending, is the picture of; false when it is not a punch's.
func PunchDate(key string) (date string, ok bool) {
	parts := strings.Split(key, "/")
	switch {
	case len(parts) == 7 && parts[0] == "daily":
		return strings.Join(parts[3:6], "-"), true
	case len(parts) == 6 && parts[0] == "punches":
		return strings.Join(parts[2:5], "-"), true
	}
	return "", false
}
