import { Stack, Text } from '@mantine/core'

import type { ConsentText as Shape } from '../api/shapes'

/** What people are asked, paragraph by paragraph. */
export function ConsentText({ text, title = true }: { text: Shape; title?: boolean }) {
  return (
    <Stack gap="xs" data-testid="consent-text" data-version={text.version}>
      {title && <Text fw={580}>{text.title}</Text>}
      {text.text.map((paragraph) => (
        <Text size="sm" key={paragraph}>
          {paragraph}
        </Text>
      ))}
    </Stack>
  )
}
