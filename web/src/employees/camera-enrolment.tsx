import { Button, Group, List, Modal, SimpleGrid, Stack, Text, ThemeIcon, VisuallyHidden } from '@mantine/core'
import { IconArrowLeft, IconArrowRight, IconCamera, IconCheck, IconUser } from '@tabler/icons-react'
import { useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'

import { CameraProblem } from '../camera/camera-problem'
import { takeFrame } from '../camera/frame'
import { useCamera } from '../camera/use-camera'
import { deviceTime } from '../clock/clock'
import classes from './camera-enrolment.module.css'
import { facesPath, type Upload } from './enrolment'
import { useGuidance } from './guidance'
import { steps, type Step } from './guide'
import { UploadRow } from './upload-list'

interface Props {
  company: string
  username: string
  opened: boolean
  onClose: () => void
  onPicture: (name: string, picture: Blob) => void
  uploads: Upload[]
}

export function CameraEnrolment({ opened, onClose, ...rest }: Props) {
  const { t } = useTranslation()
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      title={t('enrol.cameraTitle')}
      size="lg"
      closeButtonProps={{ 'aria-label': t('app.close') }}
    >
      <Viewfinder {...rest} onClose={onClose} />
    </Modal>
  )
}

// Mounted only while the dialog is open, so that the camera is on only then.
function Viewfinder({ company, username, onPicture, onClose, uploads }: Omit<Props, 'opened'>) {
  const { t } = useTranslation()
  const { video, state } = useCamera()
  const canvas = useRef<HTMLCanvasElement | null>(null)
  const [first] = useState(() => Math.max(0, ...uploads.map((upload) => upload.id)))
  // The newest first.
  const own = uploads.filter((upload) => upload.id > first)
  const taken = own.filter((upload) => upload.state === 'enrolled').length
  const busy = own.some((upload) => upload.state === 'waiting' || upload.state === 'enrolling')
  const step = steps.at(taken) ?? null
  const keep = (picture: Blob) => onPicture(deviceTime(new Date()), picture)
  // A picture that was refused all the same is not to be sent over and over:
  // each starts the guidance anew.
  const told = useGuidance(video, facesPath(company, username), state === 'ready' && !busy ? step : null, keep)

  const capture = async () => {
    if (!video.current) return
    canvas.current ??= document.createElement('canvas')
    keep(await takeFrame(video.current, canvas.current, 1280, 0.92))
  }

  const good = busy || !step || told.advice === 'good'
  const words = !step
    ? t('guide.advice.done')
    : busy
      ? t('guide.advice.saving')
      : (told.words ?? t(`guide.advice.${told.advice ?? 'starting'}`))
  return (
    <Stack>
      <Text size="sm" c="dimmed">
        {t('enrol.cameraHint')}
      </Text>
      <Steps taken={taken} />
      <div className={classes.stage}>
        <video ref={video} muted playsInline aria-label={t('camera.preview')} className={classes.video} />
        {state === 'ready' ? (
          <>
            <div className={classes.oval} data-good={good} aria-hidden />
            <div className={classes.advice} role="status" data-testid="advice" data-advice={told.advice ?? ''}>
              {words}
            </div>
          </>
        ) : (
          <Stack gap={4} justify="center" align="center" ta="center" c="white" p="lg" className={classes.over}>
            <CameraProblem state={state} />
          </Stack>
        )}
      </div>
      <SimpleGrid cols={step ? 1 : { base: 1, xs: 2 }}>
        <Button
          size="md"
          variant={step ? 'filled' : 'light'}
          leftSection={<IconCamera size={20} />}
          disabled={state !== 'ready' || busy}
          onClick={() => void capture()}
          data-testid="capture"
        >
          {t(taken > 0 ? 'enrol.again' : 'enrol.capture')}
        </Button>
        {!step && (
          <Button size="md" onClick={onClose} data-testid="enrolled-all">
            {t('guide.close')}
          </Button>
        )}
      </SimpleGrid>
      <div role="status">{own[0] && <UploadRow upload={own[0]} />}</div>
    </Stack>
  )
}

const icons: Record<Step, typeof IconUser> = { straight: IconUser, left: IconArrowLeft, right: IconArrowRight }

// Which of the three pictures are taken, and which is next.
function Steps({ taken }: { taken: number }) {
  const { t } = useTranslation()
  return (
    <List listStyleType="none" aria-label={t('guide.steps')} styles={{ root: { display: 'flex', flexWrap: 'wrap', gap: '8px 14px' } }}>
      {steps.map((step, index) => {
        const state = index < taken ? 'taken' : index === taken ? 'next' : 'later'
        const Icon = state === 'taken' ? IconCheck : icons[step]
        return (
          <List.Item key={step} data-testid={`step-${step}`} data-state={state} aria-current={state === 'next' ? 'step' : undefined}>
            <Group gap={8} wrap="nowrap">
              <ThemeIcon size={28} radius="xl" variant={state === 'later' ? 'default' : state === 'next' ? 'light' : 'filled'} aria-hidden>
                <Icon size={16} />
              </ThemeIcon>
              <Text size="sm" fw={state === 'next' ? 580 : 400} c={state === 'later' ? 'dimmed' : undefined}>
                {t(`guide.step.${step}`)}
              </Text>
              <VisuallyHidden>{t(`guide.${state}`)}</VisuallyHidden>
            </Group>
          </List.Item>
        )
      })}
    </List>
  )
}
