using Dapper;
using Ensen.Access;
using Ensen.Basics;
using Ensen.Ledger;
using Ensen.Members;
using Ensen.Operations;
using Ensen.Storage;
using Ensen.Wallet;

namespace Ensen.Sandbox.Town;

/// <summary>
/// People of the town who have left the programme: one who sent a neighbour the last money, whose history says "a former member" since,
/// and one who paid a shop and lost points. Their names are nowhere in the database. Each leaves once, also where an earlier making was
/// interrupted.
/// </summary>
sealed class TownLeavers(TownFeatures features, OpenShop shop)
{
    static readonly Leaver[] s_all =
    [
        new("本田 悟", "ホンダ サトル", "honda", Verified: true, ChargeSource.Bank, new(600), "コーヒー代です"),
        new("川口 麻衣", "カワグチ マイ", "kawaguchi", Verified: false, ChargeSource.Card, new(2_400), Note: null),
    ];

    /// <summary>Everybody who is to leave does so in the last minutes before <paramref name="end"/>. Returns their numbers.</summary>
    public async Task<IReadOnlyList<MemberId>> Go(Payer neighbour, DateTimeOffset end, CancellationToken ct)
    {
        for (var i = (await Left(ct)).Count; i < s_all.Length; i++)
            await Go(s_all[i], neighbour, end.AddMinutes(i - s_all.Length), ct);
        return await Left(ct);
    }

    async Task Go(Leaver who, Payer neighbour, DateTimeOffset at, CancellationToken ct)
    {
        features.Clock.At(at);
        var payer = new Payer(await Settled(who, ct), who.Verified);
        IdempotencyKey Key(string what) => IdempotencyKey.Of(payer.MemberId, "town leaver " + what);
        await features.Charge.Run(new ChargeRequest(payer, who.Source, who.Yen, Key("charge")), ct);
        features.Clock.At(at.AddSeconds(20));
        if (who.Note is { } note)
            await features.Transfer.Run(
                new TransferRequest(payer, neighbour, who.Yen, note, Initiator.Member(payer.MemberId), [Key("transfer")]), ct);
        else
            await features.Pay.Run(new PayRequest(
                payer, Payee.Of(shop.Store), who.Yen, PointAmount.Zero, PayWay.Tag,
                Initiator.Member(payer.MemberId), [Key("payment")], []), ct);
        features.Clock.At(at.AddSeconds(40));
        var session = (await features.Sessions.Open(Subject.Member(payer.MemberId), "Safari, iPhone", ct: ct)).Caller;
        await features.Db.Transact(tx => features.StepUp.Mark(tx, session, LeaveProgramme.Purpose), ct);
        var left = await features.LeaveProgramme.Run(
            new LeaveRequest(payer.MemberId, Confirmed: true, new StepUpProof(session), Key("leaving")), ct);
        if (!left.Accepted)
            throw new InvalidOperationException($"{who.Email} does not leave the town: {left.Refusal}.");
    }

    async Task<IReadOnlyList<MemberId>> Left(CancellationToken ct)
    {
        await using var connection = await features.Db.Connect(ct);
        return (await connection.QueryAsync<MemberId>("select member from former_member order by left_ms limit 100")).AsList();
    }

    async Task<MemberId> Settled(Leaver who, CancellationToken ct)
    {
        var made = await features.CreateVerifiedMember.Run(
            new CreateVerifiedMemberRequest(who.Name, who.Verified, who.Email,
                Details: features.KeepsPapers && who.Verified ? SandboxPapers.Details(who.Name, who.Kana) : null), ct);
        return made.Accepted ? made.Value.Id
            : (await features.MemberProofs.FindByEmail(who.Email, ct))?.Member
                ?? throw new InvalidOperationException($"{who.Email} cannot be admitted: {made.Refusal}.");
    }

    /// <param name="Yen">What is charged, and then sent to the neighbour with the note, or paid to the shop.</param>
    sealed record Leaver(string Name, string Kana, string Mail, bool Verified, ChargeSource Source, Yen Yen, string? Note)
    {
        public string Email => Mail + TownPeople.MailDomain;
    }
}
