import { expect, it } from 'vitest'

import { currentPosition, geoURI } from './position'

it('writes a position without exponents, and never more accurate than it is', () => {
  expect(geoURI({ latitude: 27.7172, longitude: 85.324, accuracy: 11.2 })).toBe('geo:27.7172000,85.3240000;u=12')
  expect(geoURI({ latitude: -1e-9, longitude: 1e-7, accuracy: 0 })).toBe('geo:-0.0000000,0.0000001;u=0')
})

it('knows nothing before it was asked to find out', () => expect(currentPosition()).toBeNull())
