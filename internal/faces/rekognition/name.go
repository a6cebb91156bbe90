package rekognition

import (
	"encoding/hex"
	"strconv"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/rekognition/types"
)

// collection returns the name of company's collection.
func (r *Recognizer) collection(company string) *string {
	return aws.String(r.config.Prefix + escape(company))
}

// name returns a face's ExternalImageId: whose it is, its ID, and since when it
// is kept, in nanoseconds.
func (k kept) name() string {
	return strings.Join([]string{escape(k.username), escape(k.faceID), strconv.FormatInt(k.at.UnixNano(), 36)}, ":")
}

// readName reads a face's ExternalImageId; false for one that is not ours.
func readName(f *types.Face) (k kept, ok bool) {
	if f == nil {
		return k, false
	}
	parts := strings.Split(aws.ToString(f.ExternalImageId), ":")
	if len(parts) != 3 {
		return k, false
	}
	username, ok1 := unescape(parts[0])
	faceID, ok2 := unescape(parts[1])
	at, err := strconv.ParseInt(parts[2], 36, 64)
	return kept{username: username, faceID: faceID, at: time.Unix(0, at)}, ok1 && ok2 && err == nil
}

// escape writes s in the letters that Rekognition takes: letters, digits and "-"
// as they are, every other byte as "." and two hexadecimal digits.
func escape(s string) string {
	var b strings.Builder
	for i := range len(s) {
		switch c := s[i]; {
		case c >= 'a' && c <= 'z', c >= 'A' && c <= 'Z', c >= '0' && c <= '9', c == '-':
			b.WriteByte(c)
		default:
			b.WriteString("." + hex.EncodeToString([]byte{c}))
		}
	}
	return b.String()
}

func unescape(s string) (string, bool) {
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		if s[i] != '.' {
			b.WriteByte(s[i])
			continue
		}
		if i+2 >= len(s) {
			return "", false
		}
		c, err := hex.DecodeString(s[i+1 : i+3])
		if err != nil {
			return "", false
		}
		b.Write(c)
		i += 2
	}
	return b.String(), escape(b.String()) == s
}
