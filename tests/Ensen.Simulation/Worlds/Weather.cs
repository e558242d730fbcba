namespace Ensen.Simulation.Worlds;

/// <summary>What may go wrong, each of it an everyday event somewhere.</summary>
enum Fault
{
    /// <summary>The database cannot be reached; nothing was sent.</summary>
    NoConnection = 1,

    /// <summary>The transaction dies half way, after its writes and before its commit.</summary>
    Torn = 2,

    /// <summary>The commit arrives, its acknowledgement does not.</summary>
    AcknowledgementLost = 3,

    /// <summary>The connection is cut; what was sent arrives later, while the writer tries again.</summary>
    Straggler = 4,

    /// <summary>The node dies before it commits, or right after.</summary>
    DiesBefore = 5,
    DiesAfter = 6,

    /// <summary>The node answers and the answer is lost on the way.</summary>
    AnswerLost = 7,

    /// <summary>A gateway's request is lost, its answer is lost, it answers late, or it calls back twice.</summary>
    GatewayDeaf = 8,
    GatewayMute = 9,
    GatewayLate = 10,
    GatewayTwice = 11,
    GatewayRefuses = 12,
}

/// <summary>
/// How many faults strike in the hours to come, and where. After a storm it clears, so that everybody who asks again is answered in the
/// end.
/// </summary>
sealed class Weather(Random chance)
{
    double _rate;
    int _left;

    public void Storm(int faults, double rate) => (_left, _rate) = (faults, rate);

    public void Clear() => _left = 0;

    public bool Strikes(Fault fault, double times = 1)
    {
        if (_left <= 0 || chance.NextDouble() >= _rate * times)
            return false;
        _left--;
        Seen.Add(fault);
        return true;
    }

    /// <summary>Whether the node dies between these two steps.</summary>
    public bool Dies(double rate)
    {
        if (_left <= 0 || chance.NextDouble() >= rate)
            return false;
        _left--;
        return true;
    }

    /// <summary>One of these, or none.</summary>
    public Fault? OneOf(params ReadOnlySpan<Fault> faults)
    {
        var fault = faults[chance.Next(faults.Length)];
        return Strikes(fault) ? fault : null;
    }

    public List<Fault> Seen { get; } = [];
}
