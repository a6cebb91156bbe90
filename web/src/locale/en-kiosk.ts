// The kiosk without a network.
export const kioskQueue = {
  take: 'Record me with a picture',
  next: 'Next person',
  kept: 'Kept, {{time}}',
  keptHint: 'There is no network. You are recorded with this time as soon as it is back.',
  waiting_one: '{{count}} waits for the network',
  waiting_other: '{{count}} wait for the network',
  waitingHint: 'Pictures and PINs are kept encrypted on this device, and sent in order.',
  refused_one: 'One that waited was not recorded: {{times}}',
  refused_other: '{{count}} that waited were not recorded: {{times}}',
  refusedHint: 'Whoever came or went then, please tell the admin.',
  dismiss: 'Seen',
  unkept: 'No connection, and this device cannot keep more. Please tell the admin when you came or went.',
  mute: 'Turn the sound off',
  unmute: 'Turn the sound on',
} as const
