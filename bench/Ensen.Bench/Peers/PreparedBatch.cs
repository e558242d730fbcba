using System.Diagnostics.CodeAnalysis;
using Npgsql;
using NpgsqlTypes;

namespace Ensen.Bench.Peers;

/// <summary>Statements that go to PostgreSQL together, prepared once; every use sets the values anew.</summary>
sealed class PreparedBatch(NpgsqlConnection connection) : IAsyncDisposable
{
    readonly NpgsqlBatch _batch = new(connection);

    [SuppressMessage("Security", "CA2100", Justification = "Statements written in this folder.")]
    public PreparedBatch Add(string sql, params ReadOnlySpan<NpgsqlDbType> types)
    {
        var command = new NpgsqlBatchCommand(sql);
        foreach (var type in types)
            command.Parameters.Add(new NpgsqlParameter { NpgsqlDbType = type });
        _batch.BatchCommands.Add(command);
        return this;
    }

    public async Task<PreparedBatch> Prepare()
    {
        await _batch.PrepareAsync();
        return this;
    }

    public void Set(int command, params ReadOnlySpan<object> values)
    {
        for (var i = 0; i < values.Length; i++)
            _batch.BatchCommands[command].Parameters[i].Value = values[i];
    }

    public Task<NpgsqlDataReader> Read() => _batch.ExecuteReaderAsync();

    public Task Run() => _batch.ExecuteNonQueryAsync();

    public ValueTask DisposeAsync() => _batch.DisposeAsync();
}
