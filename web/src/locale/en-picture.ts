// The words of profile pictures and phone numbers.
export const picture = {
  profilePicture: {
    profile: 'Profile',
    profileLead: 'How your company sees you and reaches you.',
    change: 'Change the picture of {{name}}',
    title: 'Profile picture',
    lead: 'Shown beside the name. It is not used to recognise anybody.',
    choose: 'Choose a picture',
    other: 'Choose another',
    hint: 'JPEG, PNG, WebP, HEIC or AVIF. The square in the middle is kept.',
    noPreview: 'Your browser cannot show this kind of picture. It is converted when you save it.',
    save: 'Save',
    saved: 'The picture was saved.',
    remove: 'Remove',
    removed: 'The picture was removed.',
  },
  phone: {
    label: 'Phone',
    hint: 'With the country code, such as +977 981-2345678.',
    invalid: 'Begin with + and the country code, such as +977 981-2345678.',
    saved: 'Your phone number was saved.',
  },
} as const
