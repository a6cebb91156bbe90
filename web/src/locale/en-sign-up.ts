// The words of signing a company up.
export const signUp = {
  signUp: {
    title: 'Create your company',
    lead: 'Tell us where to reach you. The link in the mail that you get leads on.',
    usernameHint: 'You will sign in with it. Small letters, digits, dots and dashes; it cannot be changed later.',
    emailHint: 'The link goes there, and works for 24 hours.',
    submit: 'Send me the link',
    haveOne: 'You have an account?',
    signIn: 'Sign in',
    offer: 'New here?',
    offerLink: 'Create your company',
    sent: 'Look into your mailbox',
    sentLead: 'A link is on its way to {{email}}. Open it to choose a password; then your company is there.',
    sentHint: 'It works once, until {{when}}. Nothing there after a few minutes? Look among the unwanted mails, and whether the address is right. An address gets at most three links a day, and the earlier ones go on working.',
    change: 'Correct something',
    closed: 'Companies are made by the operator here',
    closedHint: 'Ask whoever runs this Hajir to make yours.',
    confirmTitle: 'Create {{name}}',
    confirmLead: 'Your mail address is confirmed. Choose a password, and you are in.',
    taken: 'This username is in use. Choose another one.',
    confirm: 'Create the company',
    loading: 'Your company',
    noLink: 'Open the link in your mail',
    noLinkHint: 'It is in the mail that you got after signing up.',
    again: 'Sign up again',
    sign_up_unknown: 'This link is not valid',
    sign_up_unknownHint: 'Perhaps a part of it is missing, or it is too old: links work for 24 hours.',
    sign_up_expired: 'This link has expired',
    sign_up_expiredHint: 'Links work for 24 hours. Sign up again to get a new one.',
    sign_up_used: 'This company is there already',
    sign_up_usedHint: 'Sign in with the username and the password that you chose then.',
  },
} as const

/** Why the server refuses a sign-up, for `problem`. */
export const signUpProblems = {
  sign_up_closed: 'Companies are made by the operator here.',
  sign_up_unknown: 'This link is not valid, or not any more. Sign up again.',
  sign_up_expired: 'This link has expired. Sign up again.',
  sign_up_used: 'This link was used already. Sign in with the password that was chosen then.',
} as const
