import { Anchor, Button, Collapse, Group, Input, NumberInput, Paper, SegmentedControl, Select, Stack, Text, Title, UnstyledButton } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useDisclosure } from '@mantine/hooks'
import { IconChevronRight } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'

import { asProblem } from '../api/problem'
import type { Company } from '../api/shapes'
import { fieldErrors } from '../locale/problem-text'
import { Failed } from '../shell/states'
import { useSaveCompany } from './company'

const FIELDS = [
  'match_threshold',
  'match_margin',
  'match_doubt',
  'min_face_pixels',
  'liveness',
  'min_liveness',
  'challenge',
  'match_frames',
  'refusal_days',
] as const

const limits = {
  match_threshold: [0, 0.99],
  match_margin: [0, 0.99],
  match_doubt: [0, 0.99],
  min_face_pixels: [20, 1000],
  min_liveness: [0.01, 0.99],
  refusal_days: [0, 30],
} as const

/** When the camera believes that it knows somebody, and what follows when not. */
export function RecognitionCard({ company }: { company: Company }) {
  const { t } = useTranslation()
  const [opened, advanced] = useDisclosure()
  const within = (field: keyof typeof limits) => (value: number | string) => {
    const [min, max] = limits[field]
    return typeof value === 'number' && value >= min && value <= max ? null : t('recognition.range', { min, max })
  }
  const form = useForm({
    initialValues: {
      match_threshold: company.match_threshold,
      match_margin: company.match_margin,
      match_doubt: company.match_doubt,
      min_face_pixels: company.min_face_pixels,
      liveness: company.liveness,
      min_liveness: company.min_liveness,
      challenge: company.challenge,
      match_frames: company.match_frames,
      refusal_days: company.refusal_days,
    },
    validate: {
      match_threshold: within('match_threshold'),
      match_margin: within('match_margin'),
      match_doubt: within('match_doubt'),
      min_face_pixels: within('min_face_pixels'),
      min_liveness: within('min_liveness'),
      refusal_days: within('refusal_days'),
    },
  })
  const save = useSaveCompany(company, {
    onError: (error) => {
      const errors = fieldErrors(asProblem(error), FIELDS)
      form.setErrors(errors)
      if (['match_threshold', 'match_margin', 'min_face_pixels'].some((field) => field in errors)) advanced.open()
    },
  })
  const measured = company.liveness_model !== ''
  const movable = company.challenge_model !== ''
  return (
    <Paper p={{ base: 'md', sm: 'xl' }} maw={640} data-testid="recognition-card">
      <form
        onSubmit={form.onSubmit(
          ({ liveness, challenge, ...values }) =>
            // An installation that lost its model may still change the rest.
            save.mutate({ ...values, ...(liveness !== company.liveness && { liveness }), ...(challenge !== company.challenge && { challenge }) }),
          (errors) => {
            if ('match_threshold' in errors || 'match_margin' in errors || 'min_face_pixels' in errors) advanced.open()
          },
        )}
        noValidate
      >
        <Stack>
          <div>
            <Title order={2}>{t('recognition.title')}</Title>
            <Text size="sm" c="dimmed">
              {t('recognition.lead')}
            </Text>
            <Anchor component={Link} to="/settings/calibration" size="sm">
              {t('calibration.open')}
            </Anchor>
          </div>
          <NumberInput
            label={t('recognition.doubt')}
            description={t('recognition.doubtHint')}
            min={0}
            max={0.99}
            step={0.01}
            decimalScale={3}
            {...form.getInputProps('match_doubt')}
          />
          <Select
            label={t('recognition.liveness')}
            description={t(measured ? 'recognition.livenessHint' : 'recognition.livenessNone')}
            disabled={!measured && company.liveness === 'off'}
            allowDeselect={false}
            data={[
              { value: 'off', label: t('recognition.livenessOff') },
              { value: 'warn', label: t('recognition.livenessWarn'), disabled: !measured },
              { value: 'require', label: t('recognition.livenessRequire'), disabled: !measured },
            ]}
            {...form.getInputProps('liveness')}
          />
          <Select
            label={t('challengeRule.label')}
            description={movable ? `${t('challengeRule.hint')} ${t('challengeRule.one')}` : t('recognition.livenessNone')}
            disabled={!movable && company.challenge === 'off'}
            allowDeselect={false}
            data={[
              { value: 'off', label: t('challengeRule.off') },
              { value: 'doubtful', label: t('challengeRule.doubtful'), disabled: !movable || !measured },
              { value: 'always', label: t('challengeRule.always'), disabled: !movable },
            ]}
            {...form.getInputProps('challenge')}
          />
          {(form.values.liveness !== 'off' || form.values.challenge === 'doubtful') && (
            <NumberInput
              label={t('recognition.minLiveness')}
              description={t('recognition.minLivenessHint')}
              min={0.01}
              max={0.99}
              step={0.05}
              decimalScale={3}
              {...form.getInputProps('min_liveness')}
            />
          )}
          <NumberInput
            label={t('recognition.days')}
            description={t('recognition.daysHint')}
            min={0}
            max={30}
            allowDecimal={false}
            suffix={t('recognition.daysUnit')}
            {...form.getInputProps('refusal_days')}
          />
          <UnstyledButton onClick={advanced.toggle} aria-expanded={opened} style={{ alignSelf: 'flex-start' }} data-testid="recognition-advanced">
            <Group gap={6}>
              <IconChevronRight size={18} style={{ transform: opened ? 'rotate(90deg)' : undefined, transition: 'transform 120ms' }} />
              <Text fw={580}>{t('recognition.advanced')}</Text>
            </Group>
          </UnstyledButton>
          <Collapse expanded={opened}>
            <Stack>
              <Text size="sm" c="dimmed">
                {t('recognition.care')}
              </Text>
              <NumberInput
                label={t('recognition.threshold')}
                description={t('recognition.thresholdHint')}
                min={0}
                max={0.99}
                step={0.01}
                decimalScale={3}
                {...form.getInputProps('match_threshold')}
              />
              <NumberInput
                label={t('recognition.margin')}
                description={t('recognition.marginHint')}
                min={0}
                max={0.99}
                step={0.01}
                decimalScale={3}
                {...form.getInputProps('match_margin')}
              />
              <NumberInput
                label={t('recognition.pixels')}
                description={t('recognition.pixelsHint')}
                min={20}
                max={1000}
                allowDecimal={false}
                suffix={t('settings.px')}
                {...form.getInputProps('min_face_pixels')}
              />
              <Input.Wrapper size="md" label={t('recognition.frames')} description={t('recognition.framesHint')}>
                <SegmentedControl
                  mt={8}
                  style={{ display: 'flex', width: 'fit-content' }}
                  value={String(form.values.match_frames)}
                  onChange={(value) => form.setFieldValue('match_frames', Number(value))}
                  data={['1', '2', '3']}
                  aria-label={t('recognition.frames')}
                />
              </Input.Wrapper>
            </Stack>
          </Collapse>
          {save.error && <Failed error={save.error} />}
          <Group>
            <Button type="submit" loading={save.isPending} disabled={!form.isDirty()}>
              {t('recognition.apply')}
            </Button>
          </Group>
        </Stack>
      </form>
    </Paper>
  )
}
