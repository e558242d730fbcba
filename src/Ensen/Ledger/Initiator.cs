using System.Security.Cryptography;
using System.Text;

namespace Ensen.Ledger;

/// <summary>What sort of subject began an entry. The numbers are in the books.</summary>
public enum InitiatorKind : short
{
    Member = 1,

    /// <summary>A store's till, and not the store: which till it was.</summary>
    Till = 2,
    Merchant = 3,

    /// <summary>Somebody who works for the programme.</summary>
    Operator = 4,

    /// <summary>A job of the programme's own.</summary>
    Job = 5,

    /// <summary>Somebody who works for a merchant.</summary>
    ShopAccount = 6,

    /// <summary>A point till of a shopping centre.</summary>
    PointTill = 7,
}

/// <summary>Who began an entry: which member, which till, which operator, which job. It is sealed with the entry.</summary>
public readonly record struct Initiator(InitiatorKind Kind, Guid Id)
{
    public static Initiator Member(Guid id) => new(InitiatorKind.Member, id);

    public static Initiator Till(Guid id) => new(InitiatorKind.Till, id);

    public static Initiator Merchant(Guid id) => new(InitiatorKind.Merchant, id);

    public static Initiator ShopAccount(Guid id) => new(InitiatorKind.ShopAccount, id);

    public static Initiator PointTill(Guid id) => new(InitiatorKind.PointTill, id);

    /// <summary>By the name that the installation knows people by.</summary>
    public static Initiator Operator(string name) => new(InitiatorKind.Operator, Named("operator", name));

    /// <summary>By the name that the job has in the table of jobs.</summary>
    public static Initiator Job(string name) => new(InitiatorKind.Job, Named("job", name));

    /// <summary>The same name has the same id everywhere (RFC 9562, version 8: the hash of the sort and the name).</summary>
    static Guid Named(string sort, string name)
    {
        var bytes = SHA256.HashData(Encoding.UTF8.GetBytes($"{sort}\n{name}"))[..16];
        bytes[6] = (byte)(0x80 | bytes[6] & 0x0F);
        bytes[8] = (byte)(0x80 | bytes[8] & 0x3F);
        return new Guid(bytes, bigEndian: true);
    }
}
