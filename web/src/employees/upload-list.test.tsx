// @vitest-environment jsdom
import '../locale/locale'

import { MantineProvider } from '@mantine/core'
import { render, screen } from '@testing-library/react'
import { expect, it } from 'vitest'

import { Problem } from '../api/problem'
import { refuseEarly, type Upload } from './enrolment'
import { UploadList } from './upload-list'

const upload = (id: number, more: Partial<Upload>): Upload => ({
  id,
  name: `${id}.jpg`,
  preview: 'blob:none',
  state: 'waiting',
  ...more,
})

it('says of each picture what became of it', () => {
  const face = { face_id: 'f', indexed_at: '', model: 'm', picture_url: '', medium_url: '', small_url: '', picture_expires_at: '' }
  render(
    <MantineProvider env="test">
      <UploadList
        uploads={[
          upload(1, { state: 'refused', problem: new Problem('face_small', 'x') }),
          upload(2, { state: 'refused', problem: new Problem('face_duplicate', 'this is Hari Adhikari') }),
          upload(3, { state: 'enrolled', face: { ...face, nearest: { username: 'bina', name: 'Bina', score: 0.3142 } } }),
          upload(4, { state: 'enrolled', face }),
          upload(5, {}),
        ]}
      />
    </MantineProvider>,
  )
  const texts = screen.getAllByTestId('upload').map((row) => row.textContent)
  expect(texts[0]).toContain('Come closer to the camera')
  expect(texts[1]).toContain('This is Hari Adhikari.')
  expect(texts[2]).toContain('Most alike: Bina (0.31)')
  expect(texts[3]).toBe('4.jpgEnrolled')
  expect(texts[4]).toContain('Waiting')
})

it('refuses early only what can be nothing but wrong', () => {
  const of = (type: string, text = 'x') => refuseEarly(new Blob([text], { type }))?.code
  expect(of('text/plain')).toBe('unsupported')
  expect(of('image/jpeg', '')).toBe('picture_invalid')
  expect(of('image/heic')).toBeUndefined()
  // Some systems know no type for HEIC; the server looks for itself.
  expect(of('')).toBeUndefined()
})
