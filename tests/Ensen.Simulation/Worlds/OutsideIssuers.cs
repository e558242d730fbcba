using Ensen.Centres;
using Ensen.Gateways;

namespace Ensen.Simulation.Worlds;

/// <summary>The issuer of point cards: it knows its cards, and closes each once, for whoever asked first.</summary>
sealed partial class OutsideWorld
{
    static readonly PointCardIssuer s_issuer = new("umeda", "うめだポイント", "Umeda Points", "41", 10, 4, HasCheckDigit: true);

    /// <summary>Of every card: who guesses is looked at by tests of their own.</summary>
    public const string Pin = "1234";

    readonly Dictionary<string, IssuedCard> _cards = [];

    /// <summary>A card that is somebody's, with its own points.</summary>
    public string IssueCard(long points)
    {
        var digits = FormattableString.Invariant($"41{_cards.Count:0000000}");
        var number = digits + Luhn.DigitOf(digits);
        _cards.Add(number, new IssuedCard(points, null, null, false));
        return number;
    }

    /// <summary>The card gets another number.</summary>
    public string Reissue(string number)
    {
        var latest = Latest(number);
        var fresh = IssueCard(0);
        _cards[fresh] = _cards[latest];
        _cards[latest] = _cards[latest] with { ReissuedAs = fresh };
        return fresh;
    }

    public void LetLapse(string number) => _cards[Latest(number)] = _cards[Latest(number)] with { Lapsed = true };

    /// <summary>All that issuers have given up for cards that were closed.</summary>
    public long ClosedPoints => _cards.Values.Where(c => c is { ClosedBy: not null, ReissuedAs: null }).Sum(c => c.Points);

    string Latest(string number) => _cards[number].ReissuedAs is { } next ? Latest(next) : number;

    sealed record IssuedCard(long Points, Guid? ClosedBy, string? ReissuedAs, bool Lapsed)
    {
        public PointCardStanding Standing => Lapsed ? PointCardStanding.Lapsed : PointCardStanding.InForce;
    }

    sealed partial class Wire : IPointCardIssuers
    {
        IReadOnlyList<PointCardIssuer> IPointCardIssuers.All { get; } = [s_issuer];

        public async Task<PointCardFinding?> Look(string issuer, string number, string? pin, CancellationToken ct)
        {
            await Place.Yield();
            if (world.Weather.Strikes(Fault.GatewayMute))
                return null;
            return world._cards.GetValueOrDefault(number) is { ReissuedAs: null } card && pin == Pin
                ? new PointCardFinding(card.Standing) : PointCardFinding.NotConfirmed;
        }

        public async Task<PointCardFinding?> Reload(string issuer, string number, CancellationToken ct)
        {
            await Place.Yield();
            var latest = world.Latest(number);
            return world.Weather.Strikes(Fault.GatewayMute) ? null
                : new PointCardFinding(world._cards[latest].Standing, ReissuedAs: latest == number ? null : latest);
        }

        public async Task<PointCardClosing> Close(Guid requestId, string issuer, string number, CancellationToken ct)
        {
            await Place.Yield();
            if (world.Weather.Strikes(Fault.GatewayDeaf))
                return new PointCardClosing(Reply.Unknown);
            var latest = world.Latest(number);
            var card = world._cards[latest];
            if (card.Lapsed || card.ClosedBy is { } other && other != requestId)
                return new PointCardClosing(Reply.Refused("not_confirmed"));
            world._cards[latest] = card with { ClosedBy = requestId };
            await Place.Yield();
            return world.Weather.Strikes(Fault.GatewayMute) ? new PointCardClosing(Reply.Unknown)
                : new PointCardClosing(Reply.Accepted, card.Points);
        }
    }
}
