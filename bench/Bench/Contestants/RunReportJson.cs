using System.Text.Json;
using System.Text.Json.Serialization;
using Actors.Host.Reporting;

namespace Actors.Bench.Contestants;

/// <summary>Reads the report that the published console writes.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, UseStringEnumConverter = true)]
[JsonSerializable(typeof(RunReport))]
internal sealed partial class RunReportJson : JsonSerializerContext;
