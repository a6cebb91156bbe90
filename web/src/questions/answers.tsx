import { Accordion, Badge, Group, Text } from '@mantine/core'
import { useTranslation } from 'react-i18next'

import type { PublishedQuestion } from '../api/shapes'
import { dateOf } from '../clock/clock'
import classes from './questions.module.css'

/** Questions that open to their answers. All of it is plain text. */
export function Answers({ questions, zone }: { questions: PublishedQuestion[]; zone: string }) {
  const { t } = useTranslation()
  return (
    <Accordion multiple variant="separated" order={3}>
      {questions.map((one) => (
        <Accordion.Item key={one.id} value={one.id} className={classes.answer} data-testid="published">
          <Accordion.Control>
            <Text className={classes.text}>{one.text}</Text>
          </Accordion.Control>
          <Accordion.Panel>
            <Text className={classes.prose}>{one.answer}</Text>
            <Group gap="xs" mt="sm">
              <Text size="xs" c="dimmed">
                {t('ask.answeredOn', { when: dateOf(one.answered_at, zone) })}
              </Text>
              {one.category && (
                <Badge color="gray" variant="light" tt="none">
                  {one.category}
                </Badge>
              )}
            </Group>
          </Accordion.Panel>
        </Accordion.Item>
      ))}
    </Accordion>
  )
}
