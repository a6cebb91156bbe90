// @vitest-environment jsdom
import { MantineProvider } from '@mantine/core'
import { render, screen } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { beforeAll, expect, it, vi } from 'vitest'

import { ZoneSelect } from './zone-select'

beforeAll(() => {
  // jsdom lays nothing out, so it has nothing to scroll to.
  Element.prototype.scrollIntoView = () => {}
})

it.each(['kathmandu', 'asia kath', 'Asia/Kath', '+05:45'])('finds Asia/Kathmandu by %j', async (words) => {
  const onChange = vi.fn()
  render(
    <MantineProvider env="test">
      <ZoneSelect label="Zone" value="UTC" onChange={onChange} />
    </MantineProvider>,
  )
  const input = screen.getByRole('combobox', { name: 'Zone' })
  const user = userEvent.setup()
  await user.clear(input)
  await user.paste(words)
  expect(screen.getAllByRole('option').map((option) => option.textContent)).toEqual(['Asia/Kathmandu (UTC+05:45)'])
  await user.click(screen.getByRole('option'))
  expect(onChange.mock.calls[0]?.[0]).toBe('Asia/Kathmandu')
})
