import { Alert, Anchor, Badge, Button, Group, List, Paper, Progress, Stack, Text, Title } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'

import { api, ok } from '../api/client'
import type { FaceModels } from '../api/shapes'
import { dateAndTime, dateOf, fullDate } from '../clock/clock'
import { useMe } from '../session/use-session'
import { Confirm } from '../shell/confirm'
import { Failed, Rows } from '../shell/states'
import { companyKey } from './company'
import { atWork, modelsKey, useModels } from './models'

/** Which face model is in use, how far a change is, and who must be enrolled anew. */
export function ModelsCard() {
  const { t } = useTranslation()
  const { company } = useMe()
  const answer = useModels(company)
  return (
    <Paper p={{ base: 'md', sm: 'xl' }} maw={640} data-testid="models-card">
      <Stack>
        <div>
          <Title order={2}>{t('models.title')}</Title>
          <Text size="sm" c="dimmed">
            {t('models.lead')}
          </Text>
        </div>
        {answer.isPending && <Rows count={2} />}
        {answer.error && <Failed error={answer.error} retry={() => void answer.refetch()} />}
        {answer.data && <Versions models={answer.data} />}
      </Stack>
    </Paper>
  )
}

function Versions({ models }: { models: FaceModels }) {
  const { t } = useTranslation()
  const { time_zone: zone, role } = useMe()
  return (
    <>
      <Group gap="xs">
        <Text size="sm">{t('models.inUse')}</Text>
        <Badge tt="none" variant="light" data-testid="model-current">
          {models.current}
        </Badge>
        {models.finished_at && (
          <Text size="sm" c="dimmed">
            {t('models.since', { when: dateAndTime(models.finished_at, zone) })}
          </Text>
        )}
      </Group>
      {models.next && (
        <div>
          <Group gap="xs" mb={6}>
            <Text size="sm">{t('models.changing')}</Text>
            <Badge tt="none" variant="light" data-testid="model-next">
              {models.next}
            </Badge>
          </Group>
          <Progress value={models.faces > 0 ? (100 * models.done) / models.faces : 0} animated={atWork(models)} size="lg" aria-label={t('models.changing')} />
          <Text size="sm" c="dimmed" mt={6} role="status">
            {t('models.progress', { done: models.done, faces: models.faces })}
          </Text>
        </div>
      )}
      {models.faces === 0 && <Text size="sm">{t('models.none')}</Text>}
      {!models.next && models.program !== models.current && (
        <Text size="sm" c="dimmed">
          {t('models.declined', { name: models.program })}
        </Text>
      )}
      {models.left_count > 0 && <Left models={models} />}
      {models.back && models.back_until && (
        <Text size="sm" c="dimmed">
          {t('models.backUntil', { name: models.back, when: fullDate(dateOf(models.back_until, zone)) })}
        </Text>
      )}
      {role === 'admin' && (
        <Group>
          {models.can_finish && <Act models={models} what="finish" />}
          {models.back && <Act models={models} what="rollback" />}
        </Group>
      )}
    </>
  )
}

/** The faces that could not be computed anew. */
function Left({ models }: { models: FaceModels }) {
  const { t } = useTranslation()
  const reasons = t('models.reason', { returnObjects: true }) as Record<string, string>
  return (
    <Alert color="marigold" title={t('models.leftTitle', { count: models.left_count })} data-testid="models-left">
      <Text size="sm" mb="xs">
        {t(models.next ? 'models.leftRunning' : 'models.leftDone')}
      </Text>
      <List size="sm" spacing={4}>
        {models.left.map((one) => (
          <List.Item key={`${one.username}/${one.face_id}`}>
            <Anchor size="sm" component={Link} to={`/employees/${one.username}`} fw={580}>
              {one.name || one.username}
            </Anchor>
            {`: ${reasons[one.reason] ?? reasons.other}; ${t('models.others', { count: one.others })}`}
          </List.Item>
        ))}
      </List>
      {models.left_count > models.left.length && (
        <Text size="sm" mt="xs">
          {t('models.leftMore', { count: models.left_count - models.left.length })}
        </Text>
      )}
    </Alert>
  )
}

function Act({ models, what }: { models: FaceModels; what: 'finish' | 'rollback' }) {
  const { t } = useTranslation()
  const { company } = useMe()
  const queries = useQueryClient()
  const [asking, setAsking] = useState(false)
  const act = useMutation({
    mutationFn: () => ok(api.POST(`/api/v1/companies/{company}/face-models/${what}`, { params: { path: { company } } })),
    onSuccess: (changed) => {
      queries.setQueryData(modelsKey(company), changed)
      // The threshold that is shown belongs to the model.
      void queries.invalidateQueries({ queryKey: companyKey(company) })
      setAsking(false)
    },
  })
  const word = what === 'finish' ? 'models.finish' : 'models.back'
  const name = models.back ?? ''
  return (
    <>
      <Button variant={what === 'finish' ? 'filled' : 'default'} onClick={() => setAsking(true)} data-testid={`models-${what}`}>
        {t(word, { name })}
      </Button>
      <Confirm
        opened={asking}
        title={t(`${word}Title`, { name })}
        text={t(`${word}Text`)}
        yes={t(word, { name })}
        pending={act.isPending}
        error={act.error}
        onYes={() => act.mutate()}
        onClose={() => setAsking(false)}
      />
    </>
  )
}
