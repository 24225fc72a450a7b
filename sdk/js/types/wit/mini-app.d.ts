/// <reference path="./interfaces/souk-config-values.d.ts" />
/// <reference path="./interfaces/souk-http-outbox.d.ts" />
/// <reference path="./interfaces/souk-http-reader.d.ts" />
/// <reference path="./interfaces/souk-http-types.d.ts" />
/// <reference path="./interfaces/souk-identity-users.d.ts" />
/// <reference path="./interfaces/souk-messaging-chats.d.ts" />
/// <reference path="./interfaces/souk-miniapp-events.d.ts" />
/// <reference path="./interfaces/souk-miniapp-handler.d.ts" />
/// <reference path="./interfaces/souk-runtime-limits.d.ts" />
/// <reference path="./interfaces/souk-runtime-log.d.ts" />
/// <reference path="./interfaces/souk-schedule-timers.d.ts" />
/// <reference path="./interfaces/souk-storage-buckets.d.ts" />
/// <reference path="./interfaces/souk-types-common.d.ts" />
/// <reference path="./interfaces/souk-wallet-payments.d.ts" />
declare module 'souk:miniapp/mini-app@0.1.0' {
  export type * as SoukConfigValues010 from 'souk:config/values@0.1.0'; // import souk:config/values@0.1.0
  export type * as SoukHttpOutbox010 from 'souk:http/outbox@0.1.0'; // import souk:http/outbox@0.1.0
  export type * as SoukHttpReader010 from 'souk:http/reader@0.1.0'; // import souk:http/reader@0.1.0
  export type * as SoukHttpTypes010 from 'souk:http/types@0.1.0'; // import souk:http/types@0.1.0
  export type * as SoukIdentityUsers010 from 'souk:identity/users@0.1.0'; // import souk:identity/users@0.1.0
  export type * as SoukMessagingChats010 from 'souk:messaging/chats@0.1.0'; // import souk:messaging/chats@0.1.0
  export type * as SoukMiniappEvents010 from 'souk:miniapp/events@0.1.0'; // import souk:miniapp/events@0.1.0
  export type * as SoukRuntimeLimits010 from 'souk:runtime/limits@0.1.0'; // import souk:runtime/limits@0.1.0
  export type * as SoukRuntimeLog010 from 'souk:runtime/log@0.1.0'; // import souk:runtime/log@0.1.0
  export type * as SoukScheduleTimers010 from 'souk:schedule/timers@0.1.0'; // import souk:schedule/timers@0.1.0
  export type * as SoukStorageBuckets010 from 'souk:storage/buckets@0.1.0'; // import souk:storage/buckets@0.1.0
  export type * as SoukTypesCommon010 from 'souk:types/common@0.1.0'; // import souk:types/common@0.1.0
  export type * as SoukWalletPayments010 from 'souk:wallet/payments@0.1.0'; // import souk:wallet/payments@0.1.0
  export * as handler from 'souk:miniapp/handler@0.1.0'; // export souk:miniapp/handler@0.1.0
}
