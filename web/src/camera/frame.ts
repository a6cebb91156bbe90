/** The size of a picture no wider than maxWidth, of the same proportions. */
export function fit(width: number, height: number, maxWidth: number): { width: number; height: number } {
  if (width <= maxWidth) return { width, height }
  return { width: maxWidth, height: Math.round((height * maxWidth) / width) }
}

/** The video's present frame as a JPEG, never mirrored. */
export function takeFrame(
  video: HTMLVideoElement,
  canvas: HTMLCanvasElement,
  maxWidth: number,
  quality: number,
): Promise<Blob> {
  const { width, height } = fit(video.videoWidth, video.videoHeight, maxWidth)
  if (canvas.width !== width) canvas.width = width
  if (canvas.height !== height) canvas.height = height
  const context = canvas.getContext('2d')
  if (!context || width === 0) return Promise.reject(new Error('no frame'))
  context.drawImage(video, 0, 0, width, height)
  return new Promise((resolve, reject) => {
    canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error('no frame'))), 'image/jpeg', quality)
  })
}
