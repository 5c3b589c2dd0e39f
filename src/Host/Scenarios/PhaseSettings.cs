using System.Text.Json.Serialization;
using Actors.Host.Content;

namespace Actors.Host.Scenarios;

/// <summary>One entry of <c>scenario.phases</c>. What a unit does not use is null.</summary>
/// <param name="Name">Unique within the scenario.</param>
/// <param name="Operation">What is done.</param>
/// <param name="Unit">In what portions.</param>
/// <param name="Count">Units of each file; a read phase takes it from the write phase before it.</param>
/// <param name="Line">Template of a line, without its line feed.</param>
/// <param name="BlockSize">Bytes of a block.</param>
/// <param name="Pattern">Order of the blocks.</param>
/// <param name="InFlight">Blocks of one file that are unanswered at a time.</param>
/// <param name="Sync">Whether each file is made durable before it is closed.</param>
internal sealed record PhaseSettings(
    string Name,
    PhaseOperation Operation,
    PhaseUnit Unit,
    long Count,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Line,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] int? BlockSize,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] AccessPattern? Pattern,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] int? InFlight,
    bool Sync)
{
    /// <summary>The content that a write phase gives its files.</summary>
    public FileContent Content(long seed) => Unit == PhaseUnit.Line
        ? new LineContent(TextTemplate.Parse(Line!, TextTemplate.Line, TextTemplate.File), Count)
        : new BlockContent(BlockSize!.Value, Count, seed);
}
