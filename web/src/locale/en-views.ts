// The words of who looked at one's pictures.
export const views = {
  title: 'Who looked at my pictures',
  lead: 'Every look at a picture of you is written down, by whoever it was.',
  none: 'Nobody has looked at a picture of you.',
  enrolment: 'Enrolment picture',
  profile: 'Profile picture',
  everything: 'All of them, by a download of everything that is held about you',
  punch: 'Picture at the door, {{date}}',
  kiosk: 'Kiosk {{name}}',
  more: 'Older ones',
} as const
