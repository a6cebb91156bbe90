package alarm

import (
	"fmt"
	"strings"

	"hajir/internal/hajir"
)

// words say what an alarm means and what to do, by language and its name up to a
// function's.
var words = map[hajir.Language]map[string]string{
	hajir.English: {
		"function.errors":    "Calls of the function fail through a fault of the program. The log has the cause of each by its request_id.",
		"function.throttles": "Calls of the function come too often and are refused. Find the client, or raise --client-rate or --company-rate.",
		"function.duration":  "Calls of the function take so long that a kiosk nearly gives up. Look at the queues and at the store's times.",
		"api.4xx":            "More than half of the requests are refused: a client is wrong, or somebody tries something.",
		"api.5xx":            "Requests fail through a fault of the program. The log has the causes.",
		"api.latency":        "The API answers slowly. Look at the queues and at the store's times.",
		"store.errors":       "The database fails. The disk may be full or read-only: run hajir doctor.",
		"store.throttles":    "Another process keeps the database locked: see which commands are running.",
		"store.latency":      "Saving takes more than a second: the disk is slow or busy.",
		"queue.refused":      "A queue is full: more comes than the machine can do. Kiosks are asked to come again, and do.",
		"mail.failed":        "Mails are not taken. Run hajir doctor.",
		"deliveries.dead":    "Something that people or programs were to be told was given up. The company's admin finds it under Settings → Deliveries, with the reason, and can send it again.",
		"deliveries.late":    "What people are to be told is due for long and was not tried: the queue does not move, or whoever is told is very slow. The log says more.",
		"backup.lag":         "The backup is behind the data. Run hajir backup status.",
		"backup.drill":       "A restore was tried and failed. Run hajir backup status.",
		"disk.space":         "The disk is nearly full. When it is, no punch is recorded.",
	},
	hajir.Nepali: {
		"function.errors":    "फङ्सनका कल प्रोग्रामकै गल्तीले असफल भइरहेका छन्। लगमा request_id अनुसार हरेकको कारण छ।",
		"function.throttles": "फङ्सनका कल धेरै छिटो आएर अस्वीकृत भइरहेका छन्। कुन क्लाइन्टबाट आएका हुन् पत्ता लगाउनुहोस्, वा --client-rate वा --company-rate बढाउनुहोस्।",
		"function.duration":  "फङ्सनका कलले यति समय लिइरहेका छन् कि किओस्कले झण्डै आशा मार्छ। लाम र स्टोरको समय हेर्नुहोस्।",
		"api.4xx":            "आधाभन्दा बढी अनुरोध अस्वीकृत भइरहेका छन्: कुनै क्लाइन्ट गलत छ, वा कसैले केही गर्न खोजिरहेको छ।",
		"api.5xx":            "अनुरोधहरू प्रोग्रामकै गल्तीले असफल भइरहेका छन्। कारण लगमा छन्।",
		"api.latency":        "API ले ढिलो जवाफ दिइरहेको छ। लाम र स्टोरको समय हेर्नुहोस्।",
		"store.errors":       "डाटाबेस असफल भइरहेको छ। डिस्क भरिएको वा लेख्न नमिल्ने भएको हुन सक्छ: hajir doctor चलाउनुहोस्।",
		"store.throttles":    "अर्को प्रक्रियाले डाटाबेस रोकिराखेको छ: कुन आदेश चलिरहेका छन् हेर्नुहोस्।",
		"store.latency":      "सुरक्षित गर्न एक सेकेन्डभन्दा बढी लागिरहेको छ: डिस्क ढिलो वा व्यस्त छ।",
		"queue.refused":      "लाम भरिएको छ: मेसिनले सक्नेभन्दा धेरै काम आइरहेको छ। किओस्कहरूलाई फेरि आउन भनिन्छ, र तिनीहरू आउँछन्।",
		"mail.failed":        "इमेल पठाउन सकिएको छैन। hajir doctor चलाउनुहोस्।",
		"deliveries.dead":    "मानिस वा प्रोग्रामलाई जनाउनुपर्ने कुनै खबर पुर्\u200dयाउने प्रयास छोडियो। कम्पनीको प्रशासकले Settings → Deliveries मा कारणसहित भेट्छन्, र फेरि पठाउन सक्छन्।",
		"deliveries.late":    "जनाउनुपर्ने खबरको समय भइसक्दा पनि प्रयास भएको छैन: लाम चलिरहेको छैन, वा पाउने पक्ष निकै ढिलो छ। लगमा थप छ।",
		"backup.lag":         "ब्याकअप डाटाभन्दा पछाडि छ। hajir backup status चलाउनुहोस्।",
		"backup.drill":       "ब्याकअपबाट फर्काउने परीक्षण असफल भयो। hajir backup status चलाउनुहोस्।",
		"disk.space":         "डिस्क झण्डै भरिएको छ। पूरै भरिएपछि कुनै हाजिरी रेकर्ड हुँदैन।",
	},
	hajir.Hindi: {
		"function.errors":    "फ़ंक्शन की कॉल प्रोग्राम की गड़बड़ी से विफल हो रही हैं। लॉग में request_id के साथ हर एक का कारण है।",
		"function.throttles": "फ़ंक्शन की कॉल बहुत तेज़ी से आ रही हैं और ठुकराई जा रही हैं। पता करें कि कौन-सा क्लाइंट है, या --client-rate या --company-rate बढ़ाएँ।",
		"function.duration":  "फ़ंक्शन की कॉल इतना समय ले रही हैं कि कियोस्क लगभग हार मान लेता है। कतारें और स्टोर के समय देखें।",
		"api.4xx":            "आधे से ज़्यादा अनुरोध ठुकराए जा रहे हैं: कोई क्लाइंट ग़लत है, या कोई कुछ आज़मा रहा है।",
		"api.5xx":            "अनुरोध प्रोग्राम की गड़बड़ी से विफल हो रहे हैं। कारण लॉग में हैं।",
		"api.latency":        "API धीरे जवाब दे रहा है। कतारें और स्टोर के समय देखें।",
		"store.errors":       "डेटाबेस विफल हो रहा है। हो सकता है कि डिस्क भरी हो या उस पर लिखा न जा सके: hajir doctor चलाएँ।",
		"store.throttles":    "कोई और प्रक्रिया डेटाबेस को रोके हुए है: देखें कि कौन-से आदेश चल रहे हैं।",
		"store.latency":      "सहेजने में एक सेकंड से ज़्यादा लग रहा है: डिस्क धीमी या व्यस्त है।",
		"queue.refused":      "एक कतार भर गई है: मशीन जितना कर सकती है, उससे ज़्यादा आ रहा है। कियोस्क को फिर आने को कहा जाता है, और वे आते हैं।",
		"mail.failed":        "ईमेल नहीं जा पा रहे हैं। hajir doctor चलाएँ।",
		"deliveries.dead":    "लोगों या प्रोग्रामों को जो बताना था, उसमें से कुछ पहुँचाने की कोशिश छोड़ दी गई। कंपनी के प्रशासक को वह Settings → Deliveries में कारण के साथ मिलेगा, और वे उसे फिर भेज सकते हैं।",
		"deliveries.late":    "जो बताना है, उसका समय कब का हो चुका और कोशिश नहीं हुई: कतार नहीं चल रही, या पाने वाला बहुत धीमा है। लॉग में और जानकारी है।",
		"backup.lag":         "बैकअप डेटा से पीछे है। hajir backup status चलाएँ।",
		"backup.drill":       "बैकअप से लौटाने की जाँच विफल हुई। hajir backup status चलाएँ।",
		"disk.space":         "डिस्क लगभग भर गई है। पूरी भर जाने पर कोई हाज़िरी दर्ज नहीं होगी।",
	},
}

// Words says what an alarm means and what to do.
func Words(name string, l hajir.Language) string {
	for begin, text := range words[l] {
		if name == begin || strings.HasPrefix(name, begin+".") {
			return text
		}
	}
	return ""
}

// Describe says a rule in words.
func Describe(r hajir.AlarmRule) string {
	sign := map[hajir.Comparison]string{hajir.Above: ">", hajir.AtLeast: "≥", hajir.Below: "<", hajir.AtMost: "≤"}[r.Comparison]
	what := r.Metric
	if r.Over != nil {
		what += " / " + r.Over.Metric
	}
	return fmt.Sprintf("%s of %s %s %g, in %d of %d periods of %d min", r.Statistic, what, sign, r.Threshold, r.Datapoints, r.Periods, int(r.Period.Minutes()))
}
