using System.Data.Common;
using System.Net.Sockets;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace Ensen.Storage;

/// <summary>
/// What was asked could not be done now, or nobody knows whether it was: asked again, it may be. Features throw kinds of it where they know
/// more than the database says.
/// </summary>
public abstract class TransientFailureException(string message, Exception? inner) : Exception(message, inner);

/// <summary>Tells failures of the database, which are temporary, from mistakes of ours, which are not.</summary>
public static class TransientFailure
{
    const int Busy = 5, ReadOnly = 8, IoError = 10, Full = 13, CannotOpen = 14;

    /// <summary>
    /// The database cannot be reached, has no room, ends or begins, or others were first each time: nobody knows whether what was asked was
    /// done, and asked again it may be. Whatever PostgreSQL calls fatal ended the connection, for whatever reason: on a full disk it cannot
    /// even let anybody in, and has no code for that.
    /// </summary>
    public static bool Is(Exception e) => e switch
    {
        PostgresException p =>
            p.IsTransient || p.InvariantSeverity is "FATAL" or "PANIC" || p.SqlState[..2] is "08" or "53" or "57" or "58",
        SqliteException s => s.SqliteErrorCode is Busy or ReadOnly or IoError or Full or CannotOpen,
        TransientFailureException or DbException or TimeoutException => true,
        _ => false,
    };

    /// <summary>
    /// The same for work beside the requests: there a wire that breaks is the database's or a gateway's, and never that of a caller who
    /// hung up.
    /// </summary>
    public static bool IsInBackground(Exception e) => e switch
    {
        IOException or SocketException or HttpRequestException => true,
        AggregateException { InnerExceptions: var all } => all.All(IsInBackground),
        _ => Is(e),
    };
}
