using System.Security.Cryptography;
using Dapper;
using Ensen.Access;
using Ensen.Basics;
using Ensen.Identity;
using Ensen.Members;
using Ensen.Operations;
using Ensen.Staff;
using Ensen.Storage;
using Ensen.Tests.Members;
using Ensen.Tests.Support;

namespace Ensen.Tests.Operations;

/// <summary>Aoi has an authenticator, recovery codes, a passkey and a device, and has lost all of them; Suzuki and Ito see her at the counter.</summary>
sealed class RecoveryScene(Town town, Visitor visitor, OpenedSession device) : IAsyncDisposable
{
    public const string NewPassword = "Circle-line-10", BornOn = "1990-04-01", Papers = "driving licence seen at the counter";

    public Town Town => town;
    public MemberId Aoi => visitor.Member.Id;
    public Subject Subject => Subject.Member(Aoi);

    /// <summary>The device on which she is signed in still.</summary>
    public OpenedSession Device => device;
    public Visitor Visitor => visitor;

    /// <param name="hasPapers">She was verified by papers that can be compared.</param>
    public static async Task<RecoveryScene> On(Engine engine, bool hasPapers = false, string? telephone = Visitor.Telephone)
    {
        var town = await Town.On(engine);
        var aoi = await Visitor.In(town, telephone, details: hasPapers
            ? new PersonalDetails("青井 美咲", "アオイ ミサキ", BornOn, "大阪市北区1-1") : null);
        await aoi.SetUpAuthenticator();
        await aoi.MakeCodes();
        var device = await town.Get<Sessions>().Open(Subject.Member(aoi.Member.Id), "Safari, iPhone", ct: Ct);
        await town.Db.Transact(tx => town.Get<StepUp>().Mark(tx, device.Caller, Passkeys.Purpose), Ct);
        (await town.Get<AddPasskey>().Run(new AddPasskeyRequest(Subject.Member(aoi.Member.Id), new NewPasskey(
            Id.New(town.Clock), RandomNumberGenerator.GetBytes(16), [4, 5, 6], 0, "internal", false, false),
            new StepUpProof(device.Caller), "Key", "phone"), Ct)).Accepted.ShouldBeTrue();
        return new RecoveryScene(town, aoi, device);
    }

    public Task<Answer<Recovery, ProposeRecoveryRefusal>> Propose(
        OperatorId by, string? bornOn = null, string? telephone = null, string reason = Papers) =>
        town.Get<ProposeRecovery>().Run(new ProposeRecoveryRequest(Aoi, reason, by, bornOn, telephone), Ct);

    public Task<Answer<Recovery, ApproveRecoveryRefusal>> Approve(RecoveryId id, OperatorId by, string? bornOn = null) =>
        town.Get<ApproveRecovery>().Run(new ApproveRecoveryRequest(id, by, bornOn), Ct);

    public Task<Answer<Recovery, WithdrawRecoveryRefusal>> Withdraw(RecoveryId id, OperatorId by) =>
        town.Get<WithdrawRecovery>().Run(new WithdrawRecoveryRequest(id, "a mistake", by), Ct);

    /// <summary>Proposed by Suzuki and approved by Ito.</summary>
    public async Task<RecoveryId> Open(string? bornOn = null, string? telephone = null)
    {
        var proposed = await Propose(await town.Operator("Suzuki"), bornOn, telephone);
        proposed.Accepted.ShouldBeTrue(proposed.Refusal.ToString());
        var approved = await Approve(proposed.Value.Id, await town.Operator("Ito"), bornOn);
        approved.Accepted.ShouldBeTrue(approved.Refusal.ToString());
        return proposed.Value.Id;
    }

    /// <summary>Approved, told, and the time of waiting is over: the link from the mail.</summary>
    public async Task<string> Link(string? bornOn = null, string? telephone = null)
    {
        await Open(bornOn, telephone);
        await visitor.Deliver();
        town.Clock.Move(TimeSpan.FromHours(
            telephone is null ? town.Programme.Membership.RecoveryHours : town.Programme.Membership.RecoveryTelephoneHours));
        await CarryOn();
        return (await Mailed(NoticeKind.RecoveryLink)).ShouldNotBeNull().Token!;
    }

    public Task CarryOn() => town.Get<CarryOnRecoveries>().Run(Ct);

    /// <summary>The last mail of this kind; null when there was none.</summary>
    public async Task<Notice?> Mailed(NoticeKind what)
    {
        await visitor.Deliver();
        return visitor.Mails.LastOrDefault(m => m.What == what);
    }

    public async Task<Recovery> Latest()
    {
        await using var connection = await town.Db.Connect(Ct);
        return (await Recoveries.LatestOf(connection, Aoi))!;
    }

    public Task<SecondStepAsked?> Begin(string link) => town.Get<ResetPassword>().Begin(link, "Edge", Ct);

    /// <summary>The link was opened, and the telephone has called: what is left is the password.</summary>
    public async Task<string> Called(string link, string? from = null)
    {
        var token = (await Begin(link)).ShouldNotBeNull().Token;
        var asked = (await visitor.Show(token, ProofMethod.Call)).Call.ShouldNotBeNull();
        (await visitor.Call(asked.Asks, from)).ShouldBeTrue();
        (await visitor.Show(token, ProofMethod.Call)).IsDone.ShouldBeTrue();
        return token;
    }

    public async Task<ResetPasswordRefusal> Set(string token, string password = NewPassword) => (await town.Get<ResetPassword>().Run(
        new ResetPasswordRequest(token, password, "Edge, Windows", "192.0.2.1"), Ct)).Refusal;

    /// <summary>The member is using the device on which she is signed in, as sessions note it.</summary>
    public Task UseDevice() => town.Db.Transact(tx => tx.Connection!.ExecuteAsync(
        "update session set seen_ms = @now where id = @Session",
        new { now = town.Clock.GetUtcNow().ToUnixTimeMilliseconds(), device.Caller.Session }, tx), Ct);

    /// <summary>What the log of operators has of recoveries, the oldest first.</summary>
    public async Task<IReadOnlyList<OperatorAct>> Logged() => [.. (await town.Get<OperatorLog>().List(500, ct: Ct)).Reverse().Select(r => r.Act)
        .Where(a => a is OperatorAct.ProposedRecovery or OperatorAct.ApprovedRecovery or OperatorAct.WithdrewRecovery)];

    /// <summary>Forty times at once.</summary>
    public static Task<T[]> Forty<T>(Func<int, Task<T>> what) => Task.WhenAll(Enumerable.Range(0, 40).Select(i => Task.Run(() => what(i), Ct)));

    static CancellationToken Ct => TestContext.Current.CancellationToken;

    public ValueTask DisposeAsync() => town.DisposeAsync();
}
