import { Badge, Group, Text } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'

import type { Question } from '../api/shapes'
import { dateAndTime } from '../clock/clock'
import { useMe } from '../session/use-session'
import classes from './questions.module.css'

const colors: Record<Question['state'], string> = { new: 'marigold', in_progress: 'blue', answered: 'pine', merged: 'gray' }

export function StateBadges({ question }: { question: Question }) {
  const { t } = useTranslation()
  return (
    <Group gap={6} wrap="nowrap">
      {question.published_at && (
        <Badge color="gray" variant="light" tt="none" size="lg">
          {t('questions.published')}
        </Badge>
      )}
      <Badge color={colors[question.state]} variant="light" tt="none" size="lg" data-testid="state">
        {t(`questions.state.${question.state}`)}
      </Badge>
    </Group>
  )
}

/** Who asked, in words. */
export function useAsker() {
  const { t } = useTranslation()
  return ({ asker }: Question) => asker.name || asker.email || asker.username || t('questions.visitor')
}

/** One question of a list, which leads to its page. */
export function QuestionRow({ question }: { question: Question }) {
  const { t } = useTranslation()
  const { time_zone: zone } = useMe()
  const asker = useAsker()
  return (
    <li className={classes.row} data-testid="question">
      <Link to="/questions/$id" params={{ id: question.id }} className={classes.link}>
        <div className={classes.what}>
          <Text className={classes.text} lineClamp={2}>
            {question.text}
          </Text>
          <Text size="sm" c="dimmed">
            {[asker(question), dateAndTime(question.at, zone), question.category, question.assignee_name && t('questions.assigned', { name: question.assignee_name })]
              .filter(Boolean)
              .join(', ')}
          </Text>
        </div>
        <StateBadges question={question} />
      </Link>
    </li>
  )
}
