using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Ensen.Wallet;
using Ensen.Web.Edge;

namespace Ensen.Web.Api;

/// <summary>
/// How the API reads and writes JSON: camelCase, and strict. A field that is unknown or stands twice, a number as text, a fraction
/// where yen are counted: each is an error, never a guess.
/// </summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    AllowDuplicateProperties = false,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true,
    NumberHandling = JsonNumberHandling.Strict,
    MaxDepth = 8)]
[JsonSerializable(typeof(WalletAnswer))]
[JsonSerializable(typeof(ChargeBody))]
[JsonSerializable(typeof(ChargeAnswer))]
[JsonSerializable(typeof(TagAnswer))]
[JsonSerializable(typeof(PaymentBody))]
[JsonSerializable(typeof(PaymentAnswer))]
[JsonSerializable(typeof(PaymentDetails))]
[JsonSerializable(typeof(CodeAnswer))]
[JsonSerializable(typeof(TillPaymentBody))]
[JsonSerializable(typeof(MemberCodeAnswer))]
[JsonSerializable(typeof(AwardBody))]
[JsonSerializable(typeof(SpendBody))]
[JsonSerializable(typeof(PointsMovedAnswer))]
[JsonSerializable(typeof(PointsCancelledAnswer))]
[JsonSerializable(typeof(PointReceiptAnswer))]
[JsonSerializable(typeof(PointTotalsAnswer))]
[JsonSerializable(typeof(PointFileAnswer))]
[JsonSerializable(typeof(PointCardIssuersAnswer))]
[JsonSerializable(typeof(PointCardBody))]
[JsonSerializable(typeof(PointCardAnswer))]
[JsonSerializable(typeof(PointCardsAnswer))]
[JsonSerializable(typeof(CardMigrationAnswer))]
[JsonSerializable(typeof(RefundBody))]
[JsonSerializable(typeof(RefundAnswer))]
[JsonSerializable(typeof(HistoryPage))]
[JsonSerializable(typeof(TransferBody))]
[JsonSerializable(typeof(TransferAnswer))]
[JsonSerializable(typeof(Receipt))]
[JsonSerializable(typeof(PointsAnswer))]
[JsonSerializable(typeof(PointsReportAnswer))]
[JsonSerializable(typeof(GoodwillBody))]
[JsonSerializable(typeof(GoodwillAnswer))]
[JsonSerializable(typeof(GoodwillListAnswer))]
[JsonSerializable(typeof(GoodwillGivenAnswer))]
[JsonSerializable(typeof(GoalAnswer))]
[JsonSerializable(typeof(GoalBody))]
[JsonSerializable(typeof(RewardsAnswer))]
[JsonSerializable(typeof(RewardOrderBody))]
[JsonSerializable(typeof(RewardOrderedAnswer))]
[JsonSerializable(typeof(RewardOrderAnswer))]
[JsonSerializable(typeof(ChallengeBody))]
[JsonSerializable(typeof(ChallengeMade))]
[JsonSerializable(typeof(ChallengeAnswerBody))]
[JsonSerializable(typeof(ChallengeAnswer))]
[JsonSerializable(typeof(OwnLimitsBody))]
[JsonSerializable(typeof(PasswordBody))]
[JsonSerializable(typeof(RegistrationBody))]
[JsonSerializable(typeof(RegistrationAnswer))]
[JsonSerializable(typeof(AddressAnswer))]
[JsonSerializable(typeof(MailTokenBody))]
[JsonSerializable(typeof(EmailBody))]
[JsonSerializable(typeof(TelephoneBody))]
[JsonSerializable(typeof(ContactAnswer))]
[JsonSerializable(typeof(ContactChangesAnswer))]
[JsonSerializable(typeof(ExportAnswer))]
[JsonSerializable(typeof(LeavingAnswer))]
[JsonSerializable(typeof(LeaveBody))]
[JsonSerializable(typeof(LeftAnswer))]
[JsonSerializable(typeof(ProfileBody))]
[JsonSerializable(typeof(ProfileAnswer))]
[JsonSerializable(typeof(PasswordAnswer))]
[JsonSerializable(typeof(OwnLimitsAnswer))]
[JsonSerializable(typeof(SignInBody))]
[JsonSerializable(typeof(SessionOpened))]
[JsonSerializable(typeof(SecondStepOpen))]
[JsonSerializable(typeof(SecondStepBody))]
[JsonSerializable(typeof(SecondStepShown))]
[JsonSerializable(typeof(ResetBody))]
[JsonSerializable(typeof(ResetAsked))]
[JsonSerializable(typeof(ResetLinkBody))]
[JsonSerializable(typeof(DevicesAnswer))]
[JsonSerializable(typeof(FreezeAnswer))]
[JsonSerializable(typeof(FactorsAnswer))]
[JsonSerializable(typeof(AuthenticatorSecret))]
[JsonSerializable(typeof(AuthenticatorBody))]
[JsonSerializable(typeof(RecoveryCodesAnswer))]
[JsonSerializable(typeof(CallReportBody))]
[JsonSerializable(typeof(CallReportAnswer))]
[JsonSerializable(typeof(PasskeyOptionsAnswer))]
[JsonSerializable(typeof(PasskeyBody))]
[JsonSerializable(typeof(PasskeyNameBody))]
[JsonSerializable(typeof(PasskeyAnswer))]
[JsonSerializable(typeof(PasskeysAnswer))]
[JsonSerializable(typeof(FoundMembersAnswer))]
[JsonSerializable(typeof(MemberProfileAnswer))]
[JsonSerializable(typeof(OperatorReasonBody))]
[JsonSerializable(typeof(MemberFreezeAnswer))]
[JsonSerializable(typeof(LogPage))]
[JsonSerializable(typeof(RecoveryBody))]
[JsonSerializable(typeof(RecoveryApprovalBody))]
[JsonSerializable(typeof(RecoveryAnswer))]
[JsonSerializable(typeof(RecoveriesAnswer))]
[JsonSerializable(typeof(OwnRecoveryAnswer))]
[JsonSerializable(typeof(VerificationBody))]
[JsonSerializable(typeof(VerificationAnswer))]
[JsonSerializable(typeof(VerificationsAnswer))]
[JsonSerializable(typeof(IdentityReportBody))]
[JsonSerializable(typeof(IdentityReportAnswer))]
[JsonSerializable(typeof(BankAccountBody))]
[JsonSerializable(typeof(BankAccountAnswer))]
[JsonSerializable(typeof(BankAccountsAnswer))]
[JsonSerializable(typeof(TransitCardBody))]
[JsonSerializable(typeof(TransitCardAnswer))]
[JsonSerializable(typeof(TransitCardsAnswer))]
[JsonSerializable(typeof(RidesAnswer))]
[JsonSerializable(typeof(TransitChargeBody))]
[JsonSerializable(typeof(TransitChargeAnswer))]
[JsonSerializable(typeof(RecommendationsBody))]
[JsonSerializable(typeof(VerificationQueueAnswer))]
[JsonSerializable(typeof(ViewedVerificationAnswer))]
[JsonSerializable(typeof(VerificationDecisionBody))]
[JsonSerializable(typeof(VerificationDecisionAnswer))]
[JsonSerializable(typeof(CardRevocationBody))]
[JsonSerializable(typeof(CardRevocationAnswer))]
[JsonSerializable(typeof(CardRevocationsAnswer))]
[JsonSerializable(typeof(CentreBody))]
[JsonSerializable(typeof(CentreAnswer))]
[JsonSerializable(typeof(CentresAnswer))]
[JsonSerializable(typeof(KeptPointFilesAnswer))]
[JsonSerializable(typeof(RideFilesAnswer))]
[JsonSerializable(typeof(PointUseBody))]
[JsonSerializable(typeof(PointUseAnswer))]
[JsonSerializable(typeof(PointUsesAnswer))]
[JsonSerializable(typeof(CampaignBody))]
[JsonSerializable(typeof(CampaignAnswer))]
[JsonSerializable(typeof(CampaignsAnswer))]
[JsonSerializable(typeof(DryRunAnswer))]
[JsonSerializable(typeof(CampaignStopAnswer))]
[JsonSerializable(typeof(OpenCampaignsAnswer))]
[JsonSerializable(typeof(CampaignEntryAnswer))]
sealed partial class ApiJson : JsonSerializerContext;

/// <summary>The types of the API's endpoints, and of the sandbox's where it is built in: all are read by the same rules.</summary>
static class ApiTypes
{
    public static IReadOnlyList<JsonSerializerContext> All { get; } = BuiltIn.Sandbox is { } sandbox
        ? [ApiJson.Default, EdgeJson.Default, sandbox.Json(new JsonSerializerOptions(ApiJson.Default.Options))]
        : [ApiJson.Default, EdgeJson.Default];

    public static JsonTypeInfo<T> Of<T>() =>
        (JsonTypeInfo<T>)All.Select(types => types.GetTypeInfo(typeof(T))).First(type => type is not null)!;
}

/// <summary>A page of a list: <paramref name="Next"/> is the <c>before</c> of the following one, null at the end.</summary>
sealed record HistoryPage(IReadOnlyList<HistoryAnswer> Items, string? Next);
