// The words of the challenge: what a kiosk asks people to do to show that they
// are there, and what the admin reads of it.
export const challengeProblems = {
  face_challenge: 'Do what the camera asks for, to show that you are there in person, or use your PIN.',
} as const

export const kioskChallenge = {
  challenge: {
    left: 'Turn your head to your left',
    right: 'Turn your head to your right',
    blink: 'Close your eyes for a moment',
    hint: 'Look straight at the camera first, alone, then do it slowly.',
    progress: 'Step {{step}} of {{steps}}',
    pin: 'Use your PIN instead',
  },
  face_challenge: 'Look straight at the camera, please.',
  challenge_wrong: 'That was something else. Look straight at the camera to try again.',
  challenge_late: 'That took too long. Look straight at the camera to try again.',
} as const

export const challenge = {
  challengeRule: {
    label: 'Ask people to move?',
    hint: 'The kiosk asks them to turn their head and to close their eyes, in an order of chance. It stops a photograph, and makes a film hard to use. Who cannot do it uses their PIN.',
    off: 'Nobody',
    doubtful: 'Whoever does not seem to be there in person',
    always: 'Everybody, every time',
    one: 'One person at a time can be asked, at a kiosk for groups as well.',
  },
  challengeReview: {
    title: 'Somebody who did not do what the kiosk asked for',
    met: 'Did what the kiosk asked for: {{steps}}.',
    unmet: 'The kiosk asked for: {{steps}}. Done: {{done}} of {{count}}.',
    step: { left: 'turn left', right: 'turn right', blink: 'close the eyes' },
  },
} as const
