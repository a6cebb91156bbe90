import { Badge } from '@mantine/core'
import { IconMessageQuestion } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'

import { useMe } from '../session/use-session'
import { useCounts } from './questions'

/** How many questions nobody has looked at, with the way to them. */
export function NewQuestions() {
  const { t } = useTranslation()
  const { company } = useMe()
  const count = useCounts(company).data?.new ?? 0
  if (count === 0) return null
  return (
    <Badge
      component={Link}
      to="/questions"
      variant="light"
      size="lg"
      color="marigold"
      tt="none"
      style={{ cursor: 'pointer' }}
      leftSection={<IconMessageQuestion size={16} />}
      data-testid="new-questions"
    >
      {count >= 100 ? t('questions.boardMany') : t('questions.board', { count })}
    </Badge>
  )
}
