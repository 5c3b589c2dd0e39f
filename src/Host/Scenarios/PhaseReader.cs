using Actors.Engine;
using Actors.Engine.Configuration;
using Actors.Host.Content;

namespace Actors.Host.Scenarios;

/// <summary>Reads <c>scenario.phases</c>, each in the light of those before it and of the engine's limits.</summary>
internal sealed class PhaseReader(EngineSettings engine, int files, long seed)
{
    private const int InFlightMax = 32768;
    private const int InFlightDefault = 32;
    private const int BlockSizeMax = 64 * 1024 * 1024;

    private readonly HashSet<string> _names = new(StringComparer.Ordinal);
    private PhaseSettings? _written;

    /// <summary>Reads the next phase.</summary>
    /// <exception cref="FileEngineConfigurationException">Something in it is not legal.</exception>
    public PhaseSettings Read(ConfigReader reader)
    {
        var name = reader.GetString("name");
        if (name.Length == 0 || !_names.Add(name))
        {
            throw reader.Fault("name", "must be a name that no other phase has");
        }

        var operation = reader.GetEnum<PhaseOperation>("operation");
        var unit = reader.GetEnum<PhaseUnit>("unit");
        var phase = operation == PhaseOperation.Write
            ? ReadWrite(reader, name, unit)
            : ReadRead(reader, name, unit);
        CheckNesting(reader, phase);
        return phase;
    }

    private PhaseSettings ReadWrite(ConfigReader reader, string name, PhaseUnit unit)
    {
        var isBlock = unit == PhaseUnit.Block;
        var phase = new PhaseSettings(
            name,
            PhaseOperation.Write,
            unit,
            reader.GetLong("count", 1, int.MaxValue),
            isBlock ? null : reader.GetString("line"),
            isBlock ? reader.GetBytes("block-size", 1, BlockSizeMax) : null,
            isBlock ? reader.GetEnumOrNull<AccessPattern>("pattern") ?? AccessPattern.Sequential : null,
            isBlock ? reader.GetIntOrNull("in-flight", 1, InFlightMax) ?? InFlightDefault : null,
            reader.GetBoolOrNull("sync") ?? false);
        if (phase.Line is not null)
        {
            CheckLine(reader, phase.Line);
        }

        _written = phase;
        return phase;
    }

    private PhaseSettings ReadRead(ConfigReader reader, string name, PhaseUnit unit)
    {
        if (_written is null)
        {
            throw reader.Fault("operation", "needs a write phase before it, which says what there is to read");
        }

        if (_written.Unit != unit)
        {
            throw reader.Fault("unit", $"must be that of the write phase \"{_written.Name}\" before it");
        }

        var isBlock = unit == PhaseUnit.Block;
        return _written with
        {
            Name = name,
            Operation = PhaseOperation.Read,
            Pattern = isBlock ? reader.GetEnumOrNull<AccessPattern>("pattern") ?? AccessPattern.Sequential : null,
            InFlight = isBlock ? reader.GetIntOrNull("in-flight", 1, InFlightMax) ?? InFlightDefault : null,
            Sync = false,
        };
    }

    private static void CheckLine(ConfigReader reader, string line)
    {
        if (line.AsSpan().ContainsAny('\n', '\r'))
        {
            throw reader.Fault("line", "must be one line; its line feed is added");
        }

        try
        {
            TextTemplate.Parse(line, TextTemplate.Line, TextTemplate.File);
        }
        catch (FormatException e)
        {
            throw reader.Fault("line", e.Message);
        }
    }

    private void CheckNesting(ConfigReader reader, PhaseSettings phase)
    {
        if (phase.Unit == PhaseUnit.Line)
        {
            var longest = phase.Content(seed).LargestUnit(files);
            if (phase.Operation == PhaseOperation.Read && longest > engine.Reader.LineSizeMax)
            {
                throw reader.Fault("unit",
                    $"lines of {longest} bytes must not exceed actors.engine.reader.line-size-max = " +
                    $"{engine.Reader.LineSizeMax} bytes. Shorten the lines or raise the limit");
            }

            return;
        }

        var inFlight = phase.InFlight!.Value;
        Limit("actors.engine.backend.in-flight", engine.Backend.InFlight, inFlight, "");
        Limit("actors.engine.file.credit-messages", engine.File.CreditMessages, inFlight, "");
        Limit("actors.engine.file.credit-bytes", engine.File.CreditBytes, (long)inFlight * phase.BlockSize!.Value,
            $" blocks of {phase.BlockSize} bytes");

        void Limit(string key, long limit, long value, string what)
        {
            // One block is always accepted, whatever its size.
            if (value > limit && inFlight > 1)
            {
                throw reader.Fault("in-flight",
                    $"{inFlight}{what} must not exceed {key} = {limit}. Lower the first or raise the second");
            }
        }
    }
}
