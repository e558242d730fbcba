using System.Text;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Ensen.Storage;

/// <summary>
/// A prepared statement used for many rows, straight on SQLite's own interface: the driver's parameters and readers make an object a
/// value, which costs more than the row. Values are given in the order of the text's parameters.
/// </summary>
sealed class SqliteStatement : IDisposable
{
    readonly SqliteConnection _connection;
    readonly sqlite3_stmt _statement;
    int _given;

    public SqliteStatement(SqliteConnection connection, string sql)
    {
        _connection = connection;
        Check(raw.sqlite3_prepare_v3(connection.Handle, sql, raw.SQLITE_PREPARE_PERSISTENT, out _statement));
    }

    public SqliteStatement With(long value)
    {
        Check(raw.sqlite3_bind_int64(_statement, ++_given, value));
        return this;
    }

    public SqliteStatement With(long? value) => value is { } number ? With(number) : Null();

    public SqliteStatement With(Guid value)
    {
        Span<byte> bytes = stackalloc byte[16];
        value.TryWriteBytes(bytes, bigEndian: true, out _);
        Check(raw.sqlite3_bind_blob(_statement, ++_given, bytes));
        return this;
    }

    public SqliteStatement With(Guid? value) => value is { } id ? With(id) : Null();

    public SqliteStatement With(byte[]? value)
    {
        if (value is null)
            return Null();
        Check(raw.sqlite3_bind_blob(_statement, ++_given, value));
        return this;
    }

    public SqliteStatement With(string? value)
    {
        if (value is null)
            return Null();
        var most = Encoding.UTF8.GetMaxByteCount(value.Length);
        Span<byte> bytes = most <= 1_024 ? stackalloc byte[most] : new byte[most];
        Check(raw.sqlite3_bind_text(_statement, ++_given, bytes[..Encoding.UTF8.GetBytes(value, bytes)]));
        return this;
    }

    /// <summary>Runs to the end; returns how many rows were changed.</summary>
    public int Run()
    {
        while (Read())
        {
        }
        return raw.sqlite3_changes(_connection.Handle);
    }

    /// <summary>The next row; after the last one false, and the statement is ready for new values.</summary>
    public bool Read()
    {
        var result = raw.sqlite3_step(_statement);
        if (result == raw.SQLITE_ROW)
            return true;
        _given = 0;
        // The error, if there is one, is told again by the reset.
        Check(raw.sqlite3_reset(_statement));
        return false;
    }

    public bool IsNull(int column) => raw.sqlite3_column_type(_statement, column) == raw.SQLITE_NULL;
    public long Integer(int column) => raw.sqlite3_column_int64(_statement, column);
    public long? IntegerOrNull(int column) => IsNull(column) ? null : Integer(column);
    public byte[] Bytes(int column) => raw.sqlite3_column_blob(_statement, column).ToArray();
    public string? Text(int column) => IsNull(column) ? null : raw.sqlite3_column_text(_statement, column).utf8_to_string();

    public void Dispose() => _statement.Dispose();

    SqliteStatement Null()
    {
        Check(raw.sqlite3_bind_null(_statement, ++_given));
        return this;
    }

    void Check(int result)
    {
        if (result == raw.SQLITE_OK)
            return;
        _given = 0;
        if (_statement is not null)
            _ = raw.sqlite3_reset(_statement);
        SqliteException.ThrowExceptionForRC(result, _connection.Handle);
    }
}
