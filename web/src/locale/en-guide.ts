// The words of enrolment with the camera, and of what keeps a picture from it.
export const guideProblems = {
  face_dark: 'The face is too dark. Turn towards a window or a lamp.',
  face_bright: 'The light on the face is too bright. Step out of the sun, or away from the lamp.',
  face_blurred: 'The face is blurred. Hold still, and wipe the camera’s lens.',
  face_turned: 'The face is turned away. Look more towards the camera, with the head upright.',
  face_eyes: 'The eyes seem to be closed. Open them, and take the picture again.',
} as const

export const guide = {
  step: {
    straight: 'Straight',
    left: 'A little left',
    right: 'A little right',
  },
  taken: 'taken',
  next: 'now',
  later: 'later',
  steps: 'Three pictures',
  advice: {
    starting: 'Looking…',
    none: 'Look at the camera',
    several: 'One person at a time, please',
    closer: 'Come closer',
    back: 'Step back a little',
    dark: 'More light on the face, please',
    bright: 'Less light on the face, please',
    upright: 'Hold the head upright',
    chinUp: 'Lift your chin a little',
    chinDown: 'Lower your chin a little',
    straight: 'Look straight at the camera',
    turnLeft: 'Turn a little to your left',
    turnRight: 'Turn a little to your right',
    lessLeft: 'Not so far: back towards the camera',
    lessRight: 'Not so far: back towards the camera',
    still: 'Hold still',
    eyes: 'Open your eyes',
    notLive: 'The person themselves, please; not a picture or a screen',
    good: 'Good. That is the one',
    saving: 'Saving the picture…',
    done: 'All three pictures are taken',
  },
  close: 'Done',
} as const
