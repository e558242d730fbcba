using System.Xml.Linq;
using Dapper;
using Ensen.Storage;
using Microsoft.AspNetCore.DataProtection.Repositories;

namespace Ensen.Web.Session;

/// <summary>
/// Data-protection keys (they sign the pages' forms) in the database, so that every node reads what another wrote. They protect
/// nothing that the database does not hold itself, so they are not wrapped in a further key.
/// </summary>
sealed class DataProtectionKeys(Database db) : IXmlRepository
{
    const int Most = 1_000;

    // The framework asks synchronously, at start and once a day.
    public IReadOnlyCollection<XElement> GetAllElements()
    {
        using var connection = db.Connect().GetAwaiter().GetResult();
        return [.. connection.Query<string>("select xml from data_protection_key order by name limit @Most", new { Most })
            .Select(XElement.Parse)];
    }

    public void StoreElement(XElement element, string friendlyName) =>
        db.Transact(tx => tx.Connection!.ExecuteAsync(
            """
            insert into data_protection_key (name, xml)
            values (@friendlyName, @xml)
            on conflict (name) do nothing
            """,
            new { friendlyName, xml = element.ToString(SaveOptions.DisableFormatting) }, tx)).GetAwaiter().GetResult();
}
