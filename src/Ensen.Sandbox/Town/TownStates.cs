using System.Security.Cryptography;
using Ensen.Access;
using Ensen.Basics;
using Ensen.Gateways;
using Ensen.Identity;
using Ensen.Members;
using Ensen.Operations;
using Ensen.Staff;
using Ensen.Storage;
using Ensen.Wallet;

namespace Ensen.Sandbox.Town;

/// <summary>
/// Brings each state that a member can be in to somebody of the town, at its end and by the features that everybody uses: no money moves.
/// Whatever an interrupted making had brought already is left as it is.
/// </summary>
sealed class TownStates(TownFeatures features, IReadOnlyList<(Resident Who, Payer Payer)> people, IReadOnlyList<TownOperator> staff)
{
    const string Telephone = "Safari, iPhone";
    const string OtherDevice = "Chrome, Android";
    const string NewMail = "maeda-new" + TownPeople.MailDomain;

    /// <summary>The second telephones of the town, as little in use as the first ones.</summary>
    const string NewNumber = "090-0000-0201";

    public async Task Bring(CancellationToken ct)
    {
        if (features.KeepsPapers)
        {
            await Judge(TownRole.Minor, accepts: true, "書類と顔が一致しています", ct);
            await Judge(TownRole.Rejected, accepts: false, "書類の文字が読み取れません", ct);
            var secret = SHA256.HashData("an app that nobody has"u8)[..20];
            await features.Db.Transact(tx => features.Authenticators.Set(
                tx, Of(TownRole.Authenticator).MemberId, secret, 0, features.Clock.GetUtcNow()), ct);
        }
        await features.Thaw.Freeze(Of(TownRole.FrozenBySelf).MemberId, Telephone, ct);
        await FreezeByOperator(Of(TownRole.FrozenByOperator).MemberId, ct);
        await LowerAndRaise(Of(TownRole.OwnCaps), ct);
        await SignInAnew(Of(TownRole.NewDevice).MemberId, ct);
        await AskForAnotherMail(Of(TownRole.ChangingMail).MemberId, ct);
        await ChangeTelephone(Of(TownRole.NewTelephone).MemberId, ct);
        await SignInByPasskeyAlone(Of(TownRole.PasskeyOnly).MemberId, ct);
    }

    Payer Of(TownRole role) => people.Single(p => p.Who.Role == role).Payer;

    /// <summary>Two persons look at the pictures. Nothing comes of it where the method has ended.</summary>
    async Task Judge(TownRole role, bool accepts, string why, CancellationToken ct)
    {
        var member = Of(role).MemberId;
        if (await features.OwnVerifications.Latest(member, ct) is not { IsOpen: true } open)
            return;
        foreach (var judge in staff.Where(one => one.Roles.Contains(RoleNames.Of(OperatorRoles.Identity))).Take(2))
            await features.DecideVerification.Run(new DecideVerificationRequest(open.Id, accepts, why, judge.Id), ct);
    }

    async Task FreezeByOperator(MemberId member, CancellationToken ct)
    {
        var by = staff.First(one => one.Roles.Contains(RoleNames.Of(OperatorRoles.Security)));
        await features.OperatorFreeze.Freeze(
            new OperatorFreezeRequest(member, "見なれない送金があったため", by.Id, IdempotencyKey.Of(member, "town freeze")), ct);
    }

    async Task LowerAndRaise(Payer who, CancellationToken ct)
    {
        var caller = await Proven(who.MemberId, ChangeOwnCaps.Purpose, ct);
        await features.ChangeOwnCaps.Run(new OwnCapsRequest(who, new OwnCaps(5_000.Yen(), 10_000.Yen(), 50_000.Yen()), new(caller)), ct);
        await features.ChangeOwnCaps.Run(new OwnCapsRequest(who, new OwnCaps(20_000.Yen(), 30_000.Yen(), 50_000.Yen()), new(caller)), ct);
    }

    async Task SignInAnew(MemberId member, CancellationToken ct)
    {
        if ((await features.Sessions.Devices(Subject.Member(member), ct)).Any(d => d.Name == OtherDevice))
            return;
        await features.Sessions.Open(Subject.Member(member), Telephone, lasting: true, ct: ct);
        await features.Db.Transact(async tx =>
        {
            await features.LowCaps.Begin(tx, member, LowCapsCause.NewDevice);
            await features.Sessions.Open(tx, Subject.Member(member), OtherDevice, lasting: true, assurance: AssuranceLevel.Password);
        }, ct);
    }

    async Task AskForAnotherMail(MemberId member, CancellationToken ct) => await features.ChangeMail.Ask(
        new ChangeMailRequest(member, NewMail, new(await Proven(member, ChangeMail.Purpose, ct)), Telephone, "127.0.0.1"), ct);

    async Task ChangeTelephone(MemberId member, CancellationToken ct)
    {
        var caller = await Proven(member, Members.ChangeTelephone.Purpose, ct);
        await features.ChangeTelephone.Ask(new ChangeTelephoneRequest(member, NewNumber, new(caller)), ct);
        var call = await features.StepUp.Begin(caller, Members.ChangeTelephone.Shown, ProofMethod.Call, onPage: true, ct);
        if (call.Value?.Asks is not { } dial)
            return;
        await features.HearCall.Run(new IncomingCall(Guid.NewGuid().ToString("N"), NewNumber, dial), ct);
        await features.ChangeTelephone.Finish(member, new(caller), Telephone, ct);
    }

    /// <summary>Has a passkey on a device that nobody has, and a password that nobody knows.</summary>
    async Task SignInByPasskeyAlone(MemberId member, CancellationToken ct)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var now = features.Clock.GetUtcNow();
        await features.Db.Transact(async tx =>
        {
            var isNew = await Passkeys.Add(tx, new Passkey
            {
                Id = Id.New<PasskeyId>(now),
                Kind = SubjectKind.Member,
                Owner = member,
                CredentialId = SHA256.HashData(member.Value.ToByteArray()),
                PublicKey = CoseOf(key),
                Name = Telephone,
                Transports = "internal",
                BackupEligible = true,
                BackedUp = true,
                CreatedMs = now.ToUnixTimeMilliseconds(),
            });
            if (isNew)
                await Credentials.Set(tx, member, CredentialKind.Password, PasswordHash.OfRandom(Guid.NewGuid().ToString("N")), now);
        }, ct);
    }

    /// <summary>An ES256 key as RFC 9053 writes it.</summary>
    static byte[] CoseOf(ECDsa key)
    {
        var point = key.ExportParameters(includePrivateParameters: false).Q;
        return [0xa5, 0x01, 0x02, 0x03, 0x26, 0x20, 0x01, 0x21, 0x58, 0x20, .. point.X!, 0x22, 0x58, 0x20, .. point.Y!];
    }

    /// <summary>A session on the member's telephone, in which the password was typed for this.</summary>
    async Task<Caller> Proven(MemberId member, StepUpPurpose purpose, CancellationToken ct)
    {
        var (who, _) = people.Single(p => p.Payer.MemberId == member);
        var opened = await features.Sessions.Open(
            Subject.Member(member), Telephone, lasting: true, assurance: AssuranceLevel.Password, ct: ct);
        await features.StepUp.Prove(
            opened.Caller, purpose, ProofMethod.Password, new TypedProof(TownPeople.Password, who.Email, "127.0.0.1", null), ct);
        return opened.Caller;
    }
}
