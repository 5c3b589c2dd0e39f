using Actors.Engine;
using Actors.Engine.Configuration;
using Actors.Host.Content;

namespace Actors.Host.Scenarios;

/// <summary>Reads <c>scenario.phases</c>, each in the light of those before it and of the engine's limits.</summary>
/// <param name="engine">Its limits.</param>
/// <param name="files">How many files there are.</param>
/// <param name="verify">What a phase does that does not say.</param>
internal sealed class PhaseReader(EngineSettings engine, int files, bool verify)
{
    private readonly HashSet<string> _names = new(StringComparer.Ordinal);
    private readonly BlockPhaseReader _blocks = new(engine, verify);
    private PhaseSettings? _laidOut;

    /// <summary>Reads the next phase.</summary>
    /// <exception cref="FileEngineConfigurationException">Something in it is not legal.</exception>
    public PhaseSettings Read(ConfigReader reader)
    {
        var name = reader.GetString("name");
        if (name.Length == 0 || name.Any(char.IsControl) || !_names.Add(name))
        {
            throw reader.Fault("name", "must be a name that no other phase has, without control characters");
        }

        var operation = reader.GetEnum<PhaseOperation>("operation");
        var unit = reader.GetEnum<PhaseUnit>("unit");
        CheckOrder(reader, operation, unit);
        var phase = unit == PhaseUnit.Line
            ? ReadLines(reader, name, operation)
            : _blocks.Read(reader, name, operation, _laidOut);
        _laidOut = phase.LaysOut ? phase : _laidOut;
        return phase;
    }

    private void CheckOrder(ConfigReader reader, PhaseOperation operation, PhaseUnit unit)
    {
        if (operation == PhaseOperation.Write)
        {
            return;
        }

        if (_laidOut is null)
        {
            throw reader.Fault("operation", "needs a write phase before it, which says what there is to read");
        }

        if (_laidOut.Unit != unit)
        {
            throw reader.Fault("unit", $"must be that of the write phase \"{_laidOut.Name}\" before it");
        }
    }

    private PhaseSettings ReadLines(ConfigReader reader, string name, PhaseOperation operation)
    {
        foreach (var key in BlockPhaseReader.OwnKeys)
        {
            if (reader.Has(key))
            {
                throw reader.Fault(key, "is for phases with unit = block; this one has unit = line");
            }
        }

        var phase = operation switch
        {
            PhaseOperation.Write => new PhaseSettings(
                name,
                operation,
                PhaseUnit.Line,
                reader.GetLong("count", 1, int.MaxValue),
                reader.GetString("line"),
                reader.GetBoolOrNull("sync") ?? false,
                reader.GetBoolOrNull("verify") ?? verify),
            PhaseOperation.Read => _laidOut! with
            {
                Name = name,
                Operation = operation,
                Sync = false,
                Verify = reader.GetBoolOrNull("verify") ?? verify,
            },
            _ => throw reader.Fault("operation", "is for phases with unit = block; with unit = line: write or read"),
        };
        CheckLine(reader, phase);
        return phase;
    }

    private void CheckLine(ConfigReader reader, PhaseSettings phase)
    {
        if (phase.Line.AsSpan().ContainsAny('\n', '\r'))
        {
            throw reader.Fault("line", "must be one line; its line feed is added");
        }

        try
        {
            var longest = phase.Lines().LargestUnit(files);
            if (phase.Operation == PhaseOperation.Read && longest > engine.Reader.LineSizeMax)
            {
                throw reader.Fault("unit",
                    $"lines of {longest} bytes must not exceed actors.engine.reader.line-size-max = " +
                    $"{engine.Reader.LineSizeMax} bytes. Shorten the lines or raise the limit");
            }
        }
        catch (FormatException e)
        {
            throw reader.Fault("line", e.Message);
        }
    }
}
