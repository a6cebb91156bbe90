// The words of recommending new pictures of somebody's face.
export const renewal = {
  renewal: {
    badge: 'New pictures recommended',
    filter: 'New pictures',
    title: 'Take new pictures of {{name}}',
    scores: 'The camera is less sure of {{name}} than it was: of 1, their pictures used to reach {{before}}, and lately {{lately}}. A beard, new glasses or the years do that.',
    pins: 'Of the last 10 times that {{name}} came or went, {{pins}} took a PIN, since the camera was not sure.',
    how: 'Add two or three pictures as they look today. The advice goes away with that; old pictures that do not resemble them any more may be removed.',
  },
}
