using System.Diagnostics;
using Ensen.Access;
using Ensen.Basics;
using Ensen.Gateways;
using Ensen.Ledger;
using Ensen.Members;
using Ensen.Sandbox.Gateways;
using Ensen.Storage;
using Ensen.Wallet;

namespace Ensen.Sandbox.Town;

/// <summary>
/// One member living through the town's past. What is asked of the features, and under which keys, follows from the seed and from their
/// answers alone; so a past that was left half-made is simply lived again: what happened before is answered as before.
/// </summary>
sealed class Life(Resident who, Payer payer, Errands errands, TownFeatures features, Calendar calendar, Random chance, bool again)
{
    static readonly long[] s_byBank = [5_000, 10_000, 10_000, 20_000, 30_000];
    static readonly long[] s_byCard = [3_000, 5_000, 10_000, 10_000, 20_000];
    static readonly long[] s_byNotes = [3_000, 5_000, 10_000, 10_000];
    static readonly TimeSpan s_sessionLives = TimeSpan.FromDays(60);
    static readonly TimeSpan s_slowest = TimeSpan.FromSeconds(60);

    readonly Queue<Errand> _today = new();
    DateTimeOffset _last;
    (SessionId Id, DateTimeOffset Since) _phone;
    int _asked;
    long _yen;
    long _points;

    public Resident Who => who;
    public Payer Payer => payer;

    /// <summary>What was refused: nothing, with the programme's own rules.</summary>
    public int Refused { get; private set; }

    public bool HasJoined(JapanDay day) => calendar.Joined(who) < day.Start;

    /// <summary>Gets up and makes plans.</summary>
    public void Begin(JapanDay day)
    {
        _today.Clear();
        if (!HasJoined(day))
            return;
        foreach (var errand in errands.Of(day))
            if (errand.At < calendar.End.AddMinutes(-2))
                _today.Enqueue(errand);
    }

    /// <summary>Does what was planned before this instant.</summary>
    public async Task Until(DateTimeOffset instant, CancellationToken ct)
    {
        while (_today.TryPeek(out var errand) && errand.At < instant)
            await Do(_today.Dequeue(), ct);
    }

    /// <summary>The suggested member ends with enough to try everything.</summary>
    public async Task HaveAtLeast(long yen, DateTimeOffset at, CancellationToken ct)
    {
        if (_yen < yen)
            await Charge(10_000, at, ct);
    }

    async Task Do(Errand errand, CancellationToken ct)
    {
        if (_yen < errand.Yen)
            await TopUp(errand.Yen, errand.At.AddSeconds(-chance.Next(50, 240)), ct);
        if (_yen < errand.Yen)
            return;
        var points = PointsFor(errand.Yen);
        var way = chance.NextDouble() < 0.8 ? who.Way : (PayWay)chance.Next((int)PayWay.Tag, (int)PayWay.ShownCode + 1);
        var cryptographic = errand.Shop.HasCryptographicTag && chance.NextDouble() < 0.4;
        At(errand.At);
        var paid = way == PayWay.ShownCode
            ? await ShowCode(errand, points, ct)
            : await Pay(errand, points, way, cryptographic, ct);
        if (!paid.Accepted)
        {
            Refused++;
            return;
        }
        _yen -= paid.Value.Yen.Value;
        _points += (paid.Value.PointsEarned - paid.Value.Points).Value;
        if (errand.Refund > 0)
            await BringBack(errand, paid.Value, ct);
    }

    long PointsFor(long yen) => who.Thrift switch
    {
        Thrift.SpendsAll when _points >= 20 => Math.Min(_points, yen),
        Thrift.Sometimes when _points >= 60 && chance.NextDouble() < 0.1 => Math.Min(_points / 50 * 50, yen),
        Thrift.Sparing when _points >= 280 && chance.NextDouble() < 0.3 => Math.Min(100, yen),
        _ => 0,
    };

    /// <summary>By tag or by the printed code: the member types the amount.</summary>
    async Task<Answer<Paid, PayRefusal>> Pay(Errand errand, long points, PayWay way, bool cryptographic, CancellationToken ct)
    {
        var key = Key("payment", errand.Shop.Plan.Name, errand.Yen, points);
        if (again && await features.Pay.FindStoredAnswer([key], ct) is { } earlier)
            return earlier;
        var met = way == PayWay.StoreQr ? await errand.Shop.Scan(features, ct)
            : cryptographic ? await errand.Shop.TouchCryptographic(features, ct)
            : await errand.Shop.Touch(features, ct);
        if (!met.Accepted)
            return PayRefusal.NotFound;
        return await features.Pay.Run(new PayRequest(
            payer, Payee.Of(met.Value.Store), errand.Yen.Yen(), points.Points(), met.Value.Way,
            Initiator.Member(payer.MemberId), [key],
            met.Value.Spends, PointsAreMost: true), ct);
    }

    /// <summary>By a code on the member's phone: the till types the amount.</summary>
    async Task<Answer<Paid, PayRefusal>> ShowCode(Errand errand, long points, CancellationToken ct)
    {
        var (shop, amount) = (errand.Shop, errand.Yen.Yen());
        var order = FormattableString.Invariant($"{JapanDay.Of(errand.At).Number % 1_000_000}-{who.Number:00}{++_asked:0000}");
        var key = TakePayment.OrderKey(shop.Store.Id, order, amount);
        if (again && await features.Pay.FindStoredAnswer([key], ct) is { } earlier)
            return earlier;
        if ((await features.ShowCode.Run(payer.MemberId, await Phone(ct), points.Points(), ct)).Value is not { } code)
            return PayRefusal.Frozen;
        At(errand.At.AddSeconds(4 + who.Number % 7));
        return await features.TakePayment.Run(new TakeRequest(shop.Store.Id, shop.Till, code.Digits, amount, order, [key]), ct);
    }

    /// <summary>The session of the member's phone: there is always one young enough.</summary>
    async Task<SessionId> Phone(CancellationToken ct)
    {
        if (_phone.Id == default || _last - _phone.Since > s_sessionLives)
            _phone = ((await features.Sessions.Open(Subject.Member(payer.MemberId), "Safari, iPhone", ct: ct)).Caller.Session, _last);
        return _phone.Id;
    }

    async Task BringBack(Errand errand, Paid paid, CancellationToken ct)
    {
        var at = errand.At.AddMinutes(25 + who.Number % 20);
        if (at >= calendar.End)
            return;
        At(at);
        var store = errand.Shop.Store.Id;
        var refunded = await features.Refund.Run(new RefundRequest(
            paid.PaymentId, [store], errand.Refund.Yen(), errand.Reason, Initiator.Till(errand.Shop.Till), [
                Key("refund", errand.Refund) with { Caller = store }]), ct);
        if (!refunded.Accepted)
        {
            Refused++;
            return;
        }
        _yen += refunded.Value.Yen.Value;
        _points += (refunded.Value.Points - refunded.Value.PointsTakenBack).Value;
    }

    /// <summary>Sends money; both are at rest while it happens.</summary>
    public async Task Send(Life to, long yen, string? note, DateTimeOffset at, CancellationToken ct)
    {
        if (_yen < yen)
            await TopUp(yen, at.AddMinutes(-2), ct);
        At(at > to._last ? at : to._last.AddSeconds(1));
        to._last = _last;
        var sent = await features.Transfer.Run(
            new TransferRequest(payer, to.Payer, yen.Yen(), note, Initiator.Member(payer.MemberId),
            [Key("transfer", to.Who.Mail, yen)]), ct);
        if (!sent.Accepted)
        {
            Refused++;
            return;
        }
        _yen -= yen;
        to._yen += yen;
    }

    /// <summary>Charges what this member likes to charge, or more if this payment needs it.</summary>
    Task TopUp(long need, DateTimeOffset at, CancellationToken ct)
    {
        var usual = who.Source switch { ChargeSource.Bank => s_byBank, ChargeSource.Card => s_byCard, _ => s_byNotes };
        var missing = (need - _yen + 999) / 1_000 * 1_000;
        return Charge(Math.Max(missing, usual[chance.Next(usual.Length)]), at, ct);
    }

    async Task Charge(long yen, DateTimeOffset at, CancellationToken ct)
    {
        At(at);
        var charged = await features.Charge.Run(new ChargeRequest(payer, who.Source, yen.Yen(), Key("charge", who.Source, yen)), ct);
        var known = charged.Value is { } made ? await Known(made, ct) : null;
        if (known is { State: ChargeState.Requested, Atm: { } atm })
        {
            At(at.AddSeconds(80));
            if (await features.Outside.Atm.PutNotes(atm.CustomerNumber, yen.Yen(), ct) is AtmTaking.Taken or AtmTaking.Used)
                _yen += yen;
        }
        else if (known is { State: ChargeState.Completed })
            _yen += yen;
        else
            Refused++;
    }

    /// <summary>
    /// A busy machine takes longer for a charge than a member waits. What is on its way is waited for here, and so are the numbers that
    /// are typed on the ATM: a life that went on without its money would be another one.
    /// </summary>
    async Task<Charged> Known(Charged charged, CancellationToken ct)
    {
        var started = Stopwatch.GetTimestamp();
        while (charged is { State: ChargeState.Requested, Atm: null } && Stopwatch.GetElapsedTime(started) < s_slowest)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(20), ct);
            charged = await features.Charge.Read(charged.ChargeId, ct);
        }
        return charged;
    }

    /// <summary>The n-th thing this member asks for; the same whenever the town is made.</summary>
    IdempotencyKey Key(string what, params ReadOnlySpan<object?> parts) =>
        IdempotencyKey.Of(payer.MemberId, FormattableString.Invariant($"town-{who.Number}-{++_asked}-{what}"), parts);

    // A member does one thing after the other, and nothing before the last one.
    void At(DateTimeOffset moment)
    {
        _last = moment > _last ? moment : _last.AddSeconds(1);
        features.Clock.At(_last);
    }
}
