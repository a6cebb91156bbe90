import { Button, Center, SegmentedControl, Stack } from '@mantine/core'
import { IconEyeCheck } from '@tabler/icons-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'

import { useMe } from '../session/use-session'
import { PageTitle } from '../shell/page-title'
import { Empty, Failed, Rows } from '../shell/states'
import { useReviews } from './review'
import { ReviewCard } from './review-card'

/** What the camera was not sure of: waiting, or decided. */
export function ReviewPage() {
  const { t } = useTranslation()
  const { company } = useMe()
  const [state, setState] = useState<'open' | 'done'>('open')
  const answer = useReviews(company, state)
  const all = answer.data?.pages.flatMap((page) => page.reviews) ?? []
  return (
    <>
      <PageTitle title={t('review.title')} sub={t('review.lead')}>
        <SegmentedControl
          value={state}
          onChange={(value) => setState(value === 'done' ? 'done' : 'open')}
          data={[
            { value: 'open', label: t('review.open') },
            { value: 'done', label: t('review.done') },
          ]}
          aria-label={t('review.title')}
        />
      </PageTitle>
      {answer.isPending && <Rows count={6} />}
      {answer.error && <Failed error={answer.error} retry={() => void answer.refetch()} />}
      {answer.data && all.length === 0 && (
        <Empty
          icon={IconEyeCheck}
          title={t(state === 'open' ? 'review.none' : 'review.noneDone')}
          hint={state === 'open' ? t('review.noneHint') : undefined}
        />
      )}
      <Stack gap="md">
        {all.map((review) => (
          <ReviewCard key={review.id} review={review} />
        ))}
      </Stack>
      {answer.hasNextPage && (
        <Center>
          <Button variant="default" loading={answer.isFetchingNextPage} onClick={() => void answer.fetchNextPage()}>
            {t('review.more')}
          </Button>
        </Center>
      )}
    </>
  )
}
