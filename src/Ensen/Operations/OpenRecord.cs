using System.Security.Cryptography;
using System.Text.Json;
using Ensen.Basics;
using Ensen.Members;
using Ensen.Staff;
using Ensen.Storage;

namespace Ensen.Operations;

/// <summary>Somebody with the private half of the key wants to read what is kept of a member who has left.</summary>
public sealed record OpenRecordRequest(MemberId Member, string PrivatePem, string Reason, ActingOperator By);

/// <summary>Why a record stays shut, in the order it is checked.</summary>
public enum OpenRecordRefusal
{
    None = 0,

    /// <summary>The operator may not.</summary>
    Forbidden = 1,

    /// <summary>The reason is missing, or longer than a line of 200 characters.</summary>
    InvalidRequest = 2,

    /// <summary>No record is kept of such a member, or no more.</summary>
    NotFound = 3,

    /// <summary>The key is none, or another than the record was sealed to.</summary>
    WrongKey = 4,
}

/// <summary>Opens a sealed record. That it was opened stands in the log of operators before anybody reads it.</summary>
public sealed class OpenRecord(Database db, Operators operators, OperatorLog log)
{
    public async Task<Answer<KeptRecord, OpenRecordRefusal>> Run(OpenRecordRequest request, CancellationToken ct = default)
    {
        if (await operators.Acting(request.By, OperatorRoles.Identity, ct) is not { } by)
            return OpenRecordRefusal.Forbidden;
        if (!OperatorLine.IsOne(request.Reason))
            return OpenRecordRefusal.InvalidRequest;
        byte[]? record;
        await using (var connection = await db.Connect(ct))
            record = await FormerMembers.Record(connection, request.Member);
        if (record is null)
            return OpenRecordRefusal.NotFound;
        if (Opened(request, record) is not { } clear)
            return OpenRecordRefusal.WrongKey;
        await db.Transact(
            tx => log.Append(tx, OperatorAct.OpenedRecord, by, request.By, request.Member.ToString(), request.Reason), ct);
        return JsonSerializer.Deserialize(clear, LeavingJson.Default.KeptRecord)!;
    }

    static byte[]? Opened(OpenRecordRequest request, byte[] record)
    {
        try
        {
            return RecordsKey.Open(request.PrivatePem, record, FormerMembers.About(request.Member));
        }
        catch (Exception e) when (e is CryptographicException or ArgumentException)
        {
            return null;
        }
    }
}
