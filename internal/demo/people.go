package demo

// person is one of the example company's people. Those with portraits have
// enrolled faces.
type person struct {
	username, name, department string
	portraits                  []portrait
}

// portrait is a face in a sample picture: the middle of its box and its
// height, in shares of the picture's width and height.
type portrait struct {
	sample       string
	x, y, height float64
}

// people are made up; the portraits are the sample pictures of
// @vladmandic/face-api (MIT).
var people = []person{
	{"asha.rai", "Asha Rai", "Sales", []portrait{{"sample1.jpg", .82, .255, .17}, {"sample3.jpg", .62, .265, .23}}},
	{"bina.gurung", "Bina Gurung", "Sales", []portrait{{"sample3.jpg", .36, .34, .20}}},
	{"chandra.thapa", "Chandra Thapa", "Engineering", nil},
	{"deepa.shrestha", "Deepa Shrestha", "Sales", []portrait{{"sample3.jpg", .83, .32, .20}}},
	{"dipak.magar", "Dipak Magar", "Engineering", nil},
	{"gita.karki", "Gita Karki", "Finance", []portrait{{"sample4.jpg", .39, .135, .17}}},
	{"hari.adhikari", "Hari Adhikari", "Support", nil},
	{"indira.tamang", "Indira Tamang", "Engineering", []portrait{{"sample4.jpg", .70, .19, .16}}},
	{"janak.bista", "Janak Bista", "Finance", nil},
	{"kabita.lama", "Kabita Lama", "Engineering", []portrait{{"sample5.jpg", .62, .23, .16}}},
	{"kiran.poudel", "Kiran Poudel", "Support", nil},
	{"laxmi.maharjan", "Laxmi Maharjan", "Support", []portrait{{"sample5.jpg", .45, .155, .15}}},
	{"manoj.khadka", "Manoj Khadka", "Engineering", nil},
	{"maya.sherpa", "Maya Sherpa", "Engineering", []portrait{{"sample6.jpg", .825, .26, .20}}},
	{"nabin.ghimire", "Nabin Ghimire", "Operations", nil},
	{"nisha.joshi", "Nisha Joshi", "Finance", []portrait{{"sample6.jpg", .185, .41, .18}}},
	{"om.acharya", "Om Acharya", "Operations", nil},
	{"pooja.basnet", "Pooja Basnet", "Operations", []portrait{{"sample6.jpg", .395, .31, .20}}},
	{"prakash.rana", "Prakash Rana", "Operations", nil},
	{"rajesh.chaudhary", "Rajesh Chaudhary", "Engineering", nil},
	{"rita.limbu", "Rita Limbu", "Support", []portrait{{"sample6.jpg", .66, .29, .18}}},
	{"sagar.dahal", "Sagar Dahal", "Sales", nil},
	{"sunita.oli", "Sunita Oli", "Finance", nil},
	{"tenzing.dorje", "Tenzing Dorje", "Operations", nil},
	{"usha.bhatta", "Usha Bhatta", "Engineering", nil},
}
