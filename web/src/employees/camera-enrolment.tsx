import { Button, Modal, Stack, Text } from '@mantine/core'
import { IconCamera } from '@tabler/icons-react'
import { useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'

import { CameraProblem } from '../camera/camera-problem'
import { takeFrame } from '../camera/frame'
import { useCamera } from '../camera/use-camera'
import { deviceTime } from '../clock/clock'
import type { Upload } from './enrolment'
import { UploadRow } from './upload-list'

interface Props {
  opened: boolean
  onClose: () => void
  onPicture: (name: string, picture: Blob) => void
  uploads: Upload[]
}

export function CameraEnrolment({ opened, onClose, onPicture, uploads }: Props) {
  const { t } = useTranslation()
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      title={t('enrol.cameraTitle')}
      size="lg"
      closeButtonProps={{ 'aria-label': t('app.close') }}
    >
      <Viewfinder onPicture={onPicture} uploads={uploads} />
    </Modal>
  )
}

// Mounted only while the dialog is open, so that the camera is on only then.
function Viewfinder({ onPicture, uploads }: Pick<Props, 'onPicture' | 'uploads'>) {
  const { t } = useTranslation()
  const { video, state } = useCamera()
  const canvas = useRef<HTMLCanvasElement | null>(null)
  const [taken, setTaken] = useState(0)
  // The newest upload is this dialog's once a picture was taken here.
  const latest = taken > 0 ? uploads[0] : undefined

  const capture = async () => {
    if (!video.current) return
    canvas.current ??= document.createElement('canvas')
    const picture = await takeFrame(video.current, canvas.current, 1280, 0.92)
    const time = deviceTime(new Date())
    setTaken((count) => count + 1)
    onPicture(time, picture)
  }

  return (
    <Stack>
      <Text size="sm" c="dimmed">
        {t('enrol.cameraHint')}
      </Text>
      <div style={{ position: 'relative', background: '#0d1211', borderRadius: 12, overflow: 'hidden', aspectRatio: '4 / 3' }}>
        <video
          ref={video}
          muted
          playsInline
          aria-label={t('camera.preview')}
          style={{ width: '100%', height: '100%', objectFit: 'cover', transform: 'scaleX(-1)' }}
        />
        {state !== 'ready' && (
          <Stack gap={4} justify="center" align="center" ta="center" c="white" p="lg" style={{ position: 'absolute', inset: 0 }}>
            <CameraProblem state={state} />
          </Stack>
        )}
      </div>
      <Button
        size="md"
        leftSection={<IconCamera size={20} />}
        disabled={state !== 'ready'}
        onClick={() => void capture()}
        data-testid="capture"
      >
        {t(taken > 0 ? 'enrol.again' : 'enrol.capture')}
      </Button>
      <div role="status">{latest && <UploadRow upload={latest} />}</div>
    </Stack>
  )
}
