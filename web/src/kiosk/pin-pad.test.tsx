// @vitest-environment jsdom
import '../locale/locale'

import { MantineProvider } from '@mantine/core'
import { render, screen } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { expect, it, vi } from 'vitest'

import type { Pad } from './machine'
import { digitsOnly, validPin } from './pin'
import { PinPad } from './pin-pad'

const idle: Pad = { touchedAt: 0, sending: false, refused: null, ticket: '', ticketUntil: 0 }

function show(pad: Pad = idle) {
  const onPunch = vi.fn()
  const onTouch = vi.fn()
  render(
    <MantineProvider env="test">
      <PinPad pad={pad} onTouch={onTouch} onClose={() => {}} onPunch={onPunch} />
    </MantineProvider>,
  )
  return { onPunch, onTouch, user: userEvent.setup() }
}

it('works by touch', async () => {
  const { onPunch, onTouch, user } = show()
  await user.type(screen.getByLabelText('Username or employee code'), ' E-7 ')
  for (const digit of ['2', '5', '9']) await user.click(screen.getByRole('button', { name: digit }))
  await user.click(screen.getByRole('button', { name: 'Delete the last digit' }))
  for (const digit of ['8', '0']) await user.click(screen.getByRole('button', { name: digit }))
  await user.click(screen.getByRole('button', { name: 'Check in' }))
  expect(onPunch).toHaveBeenCalledExactlyOnceWith('E-7', '2580')
  expect(onTouch).toHaveBeenCalled()
})

it('works by keyboard alone', async () => {
  const { onPunch, user } = show()
  await user.click(screen.getByLabelText('Username or employee code'))
  await user.keyboard('asha{Enter}25x80{Enter}')
  expect(onPunch).toHaveBeenCalledExactlyOnceWith('asha', '2580')
})

it('keeps what cannot be right', async () => {
  const { onPunch, user } = show()
  await user.click(screen.getByRole('button', { name: 'Check in' }))
  expect(screen.getByText('Who are you?')).toBeTruthy()
  expect(screen.getByText('A PIN has 4 to 8 digits.')).toBeTruthy()
  expect(onPunch).not.toHaveBeenCalled()
})

it('says why it was refused, with the server’s word on how long to wait', () => {
  show({ ...idle, refused: { code: 'rate_limited', detail: 'Too many failed tries; wait 15s, then try again' } })
  expect(screen.getByRole('alert').textContent).toBe('Too many failed tries; wait 15s, then try again.')
})

it('says what it confirms', () => {
  show({ ...idle, ticket: 't', ticketUntil: 1 })
  expect(screen.getByText('Is it you?')).toBeTruthy()
  expect(screen.getByTestId('pin-confirms').textContent).toContain('looks very much like you')
})

it('knows what a PIN is made of', () => {
  expect(digitsOnly(' 12-34 567890')).toBe('12345678')
  expect([validPin('123'), validPin('1234'), validPin('12345678'), validPin('123456789'), validPin('12a4')]).toEqual([
    false,
    true,
    true,
    false,
    false,
  ])
})
