// The words of dates and of the calendars in which they are written.
export const calendar = {
  calendar: {
    label: 'Calendar of dates',
    personHint: 'In which this person reads dates; they may change it themselves.',
    companyHint: 'In which the site and its mails write dates and ask for them, for everybody who does not choose otherwise in their account. What is kept does not change.',
    ownTitle: 'Dates',
    ownLead: 'In which calendar this site and its mails write dates for you. Today is {{date}}.',
    gregorian: 'Gregorian',
    bs: 'Bikram Sambat',
    company: 'As the company',
    both: 'Show the other calendar beside it',
    only: '{{calendar}}',
    withOther: '{{calendar}}, with the other beside it',
    saved: 'Dates are written so from now on',
    // How dates are put together.
    // The site's typeface leaves no room behind a middle dot.
    beside: '{{first}} • {{other}}',
    told: '{{first}} ({{other}})',
    outside: '{{date}} (Gregorian)',
    weekdayLong: '{{weekday}}, {{date}}',
    weekdayShort: '{{weekday}} {{date}}',
    range: '{{from}} – {{to}}',
    previousMonth: 'Previous month',
    nextMonth: 'Next month',
    previousYear: 'Previous year',
    nextYear: 'Next year',
    year: 'Year',
    chooseMonth: 'Choose a month: {{month}}',
    days: 'Days of {{month}}',
    months: 'Months of {{year}}',
    clear: 'Clear',
    // Bikram Sambat, in the letters of English. Mails spell them alike:
    // internal/mail/template/language.go.
    bsMonths: ['Baisakh', 'Jestha', 'Ashadh', 'Shrawan', 'Bhadra', 'Ashwin', 'Kartik', 'Mangsir', 'Poush', 'Magh', 'Falgun', 'Chaitra'],
  },
} as const
