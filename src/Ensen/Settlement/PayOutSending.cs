using System.Data.Common;
using Dapper;
using Ensen.Basics;

namespace Ensen.Settlement;

/// <summary>How a file stands at the bank. The numbers are stored.</summary>
public enum PayOutSendingState : short
{
    /// <summary>Made; whether the bank has it is not known.</summary>
    Made = 1,

    /// <summary>The bank has taken it.</summary>
    Taken = 2,

    /// <summary>The bank has said of each line what became of it.</summary>
    Answered = 3,

    /// <summary>The bank took none of it.</summary>
    Refused = 4,
}

/// <summary>How a file stands at the bank: what changes of it.</summary>
static class PayOutSending
{
    public static Task Begin(DbTransaction tx, PayOutFileId file, DateTimeOffset now) => tx.Connection!.ExecuteAsync(
        "insert into pay_out_sending (file, state, made_ms) values (@file, @made, @now)",
        new { file, made = (short)PayOutSendingState.Made, now = now.ToUnixTimeMilliseconds() }, tx);

    public static async Task<PayOutSendingState> StateOf(DbConnection connection, PayOutFileId file) =>
        (PayOutSendingState)await connection.ExecuteScalarAsync<short>(
            "select state from pay_out_sending where file = @file", new { file });

    public static Task Took(DbTransaction tx, PayOutFileId file, DateTimeOffset now) => tx.Connection!.ExecuteAsync(
        "update pay_out_sending set state = @taken, taken_ms = @now where file = @file and state = @made",
        new
        {
            file,
            taken = (short)PayOutSendingState.Taken,
            made = (short)PayOutSendingState.Made,
            now = now.ToUnixTimeMilliseconds(),
        }, tx);

    public static Task Ended(DbTransaction tx, PayOutFileId file, PayOutSendingState state, DateTimeOffset now) =>
        tx.Connection!.ExecuteAsync(
            "update pay_out_sending set state = @state, answered_ms = coalesce(answered_ms, @now) where file = @file and state < @answered",
            new { file, state = (short)state, answered = (short)PayOutSendingState.Answered, now = now.ToUnixTimeMilliseconds() }, tx);
}
