"""The campaign as a Mesa model, stepped minute by minute."""

from sim.model.campaign import CampaignModel as CampaignModel
