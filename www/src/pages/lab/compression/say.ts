// What the room calls its models and files.
import { n, percent, t } from '../../../i18n/index.svelte.ts';
import type { FileKind, Method } from '../../../lab/compress.svelte.ts';

export function nameOf(method: Method): string {
  switch (method.type) {
    case 'base':
      return t('compression.row-base');
    case 'pruned': {
      const fields = { sparsity: percent(method.sparsity, 0), epochs: n(method.epochs) };
      const way = t(`compression.row-${method.way}`, fields);
      return method.global ? way : `${way} · ${t('compression.by-layer')}`;
    }
    case 'int8': {
      const scales = t(method.per_channel ? 'compression.per-channel' : 'compression.per-tensor');
      const calibration = method.calibration === 'percentile' ? `${n(method.percent, 2)} %` : t(`compression.calibration-${method.calibration}`);
      return t('compression.row-int8', { of: method.of, scales, calibration });
    }
    case 'student': {
      const student = t(`compression.student-${method.student}`);
      if (!method.taught) return t('compression.row-alone', { student });
      return t('compression.row-taught', { student, temperature: n(method.taught.temperature, 1), alpha: n(method.taught.alpha, 2) });
    }
  }
}

export const endings: Record<FileKind, string> = {
  f32: 'safetensors',
  'f32-gzip': 'safetensors.gz',
  sparse: 'csr.safetensors',
  'sparse-gzip': 'csr.safetensors.gz',
  int8: 'int8.safetensors',
  'int8-gzip': 'int8.safetensors.gz',
};

export const bytesText = (bytes: number): string => (bytes >= 1e6 ? t('models.megabytes', { n: n(bytes / 1e6, 2) }) : t('models.bytes', { n: n(bytes / 1e3, 1) }));

export const msText = (ms: number): string => t('compression.ms', { n: n(ms, ms < 0.1 ? 4 : ms < 10 ? 3 : 1) });
