using System.Data;
using Dapper;
using Microsoft.Data.Sqlite;

namespace Ensen.Storage;

/// <summary>Ids are uuid columns on PostgreSQL and 16 big-endian bytes on SQLite; features only ever see Guid.</summary>
sealed class GuidColumns : SqlMapper.TypeHandler<Guid>
{
    static int _registered;

    internal static void Register()
    {
        if (Interlocked.Exchange(ref _registered, 1) != 0)
            return;
        SqlMapper.RemoveTypeMap(typeof(Guid));
        SqlMapper.RemoveTypeMap(typeof(Guid?));
        SqlMapper.AddTypeHandler(new GuidColumns());
    }

    public override void SetValue(IDbDataParameter parameter, Guid value)
    {
        if (parameter is SqliteParameter sqlite)
        {
            sqlite.SqliteType = SqliteType.Blob;
            sqlite.Value = value.ToByteArray(bigEndian: true);
        }
        else
        {
            parameter.DbType = DbType.Guid;
            parameter.Value = value;
        }
    }

    public override Guid Parse(object value) => value switch
    {
        Guid id => id,
        byte[] bytes => new Guid(bytes, bigEndian: true),
        _ => throw new DataException($"An id column holds a {value.GetType().Name}."),
    };
}
