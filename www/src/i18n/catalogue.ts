// The sentences of every area, in both languages: strings/<language>/<area>.json, key prefix = area.
// A new area is one file in each language and one line in each of the three places below.
import enApp from '../../strings/en/app.json';
import enCalculator from '../../strings/en/calculator.json';
import enClinic from '../../strings/en/clinic.json';
import enData from '../../strings/en/data.json';
import enCompression from '../../strings/en/compression.json';
import enDetection from '../../strings/en/detection.json';
import enEmbedding from '../../strings/en/embedding.json';
import enErrors from '../../strings/en/errors.json';
import enExercise from '../../strings/en/exercise.json';
import enFigure from '../../strings/en/figure.json';
import enFiles from '../../strings/en/files.json';
import enFinetune from '../../strings/en/finetune.json';
import enForge from '../../strings/en/forge.json';
import enGuide from '../../strings/en/guide.json';
import enHome from '../../strings/en/home.json';
import enJudge from '../../strings/en/judge.json';
import enLab from '../../strings/en/lab.json';
import enLanguage from '../../strings/en/language.json';
import enLora from '../../strings/en/lora.json';
import enModels from '../../strings/en/models.json';
import enMock from '../../strings/en/mock.json';
import enModules from '../../strings/en/modules.json';
import enParallel from '../../strings/en/parallel.json';
import enPlane from '../../strings/en/plane.json';
import enPlayground from '../../strings/en/playground.json';
import enPositions from '../../strings/en/positions.json';
import enPreference from '../../strings/en/preference.json';
import enPrecision from '../../strings/en/precision.json';
import enProgress from '../../strings/en/progress.json';
import enQuestion from '../../strings/en/question.json';
import enScale from '../../strings/en/scale.json';
import enTokens from '../../strings/en/tokens.json';
import zhApp from '../../strings/zh/app.json';
import zhCalculator from '../../strings/zh/calculator.json';
import zhClinic from '../../strings/zh/clinic.json';
import zhData from '../../strings/zh/data.json';
import zhCompression from '../../strings/zh/compression.json';
import zhDetection from '../../strings/zh/detection.json';
import zhEmbedding from '../../strings/zh/embedding.json';
import zhErrors from '../../strings/zh/errors.json';
import zhExercise from '../../strings/zh/exercise.json';
import zhFigure from '../../strings/zh/figure.json';
import zhFiles from '../../strings/zh/files.json';
import zhFinetune from '../../strings/zh/finetune.json';
import zhForge from '../../strings/zh/forge.json';
import zhGuide from '../../strings/zh/guide.json';
import zhHome from '../../strings/zh/home.json';
import zhJudge from '../../strings/zh/judge.json';
import zhLab from '../../strings/zh/lab.json';
import zhLanguage from '../../strings/zh/language.json';
import zhLora from '../../strings/zh/lora.json';
import zhModels from '../../strings/zh/models.json';
import zhMock from '../../strings/zh/mock.json';
import zhModules from '../../strings/zh/modules.json';
import zhParallel from '../../strings/zh/parallel.json';
import zhPlane from '../../strings/zh/plane.json';
import zhPlayground from '../../strings/zh/playground.json';
import zhPositions from '../../strings/zh/positions.json';
import zhPreference from '../../strings/zh/preference.json';
import zhPrecision from '../../strings/zh/precision.json';
import zhProgress from '../../strings/zh/progress.json';
import zhQuestion from '../../strings/zh/question.json';
import zhScale from '../../strings/zh/scale.json';
import zhTokens from '../../strings/zh/tokens.json';

export const languages = ['zh', 'en'] as const;
export type Language = (typeof languages)[number];

const en = {
  app: enApp,
  calculator: enCalculator,
  clinic: enClinic,
  data: enData,
  compression: enCompression,
  detection: enDetection,
  embedding: enEmbedding,
  errors: enErrors,
  exercise: enExercise,
  figure: enFigure,
  files: enFiles,
  finetune: enFinetune,
  forge: enForge,
  guide: enGuide,
  home: enHome,
  judge: enJudge,
  lab: enLab,
  language: enLanguage,
  lora: enLora,
  models: enModels,
  mock: enMock,
  modules: enModules,
  parallel: enParallel,
  plane: enPlane,
  playground: enPlayground,
  positions: enPositions,
  preference: enPreference,
  precision: enPrecision,
  progress: enProgress,
  question: enQuestion,
  scale: enScale,
  tokens: enTokens,
};
const zh = {
  app: zhApp,
  calculator: zhCalculator,
  clinic: zhClinic,
  data: zhData,
  compression: zhCompression,
  detection: zhDetection,
  embedding: zhEmbedding,
  errors: zhErrors,
  exercise: zhExercise,
  figure: zhFigure,
  files: zhFiles,
  finetune: zhFinetune,
  forge: zhForge,
  guide: zhGuide,
  home: zhHome,
  judge: zhJudge,
  lab: zhLab,
  language: zhLanguage,
  lora: zhLora,
  models: zhModels,
  mock: zhMock,
  modules: zhModules,
  parallel: zhParallel,
  plane: zhPlane,
  playground: zhPlayground,
  positions: zhPositions,
  preference: zhPreference,
  precision: zhPrecision,
  progress: zhProgress,
  question: zhQuestion,
  scale: zhScale,
  tokens: zhTokens,
};

type Areas = typeof en;
export type Area = keyof Areas;
/** `area.key`, checked by the compiler against the English files; a test holds the Chinese ones equal. */
export type Key = { [A in Area]: `${A}.${keyof Areas[A] & string}` }[Area];

export const catalogue: Record<Language, Record<Area, Record<string, string>>> = { en, zh };
